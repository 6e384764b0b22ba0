import type { ReactNode } from "react";
import { cx } from "#/components/ui/cx.ts";

type Props = {
  /** The region's accessible name and its heading. */
  name: string;
  /** Behind the heading: how many, or in which state. */
  count?: ReactNode;
  /** At the heading's end. */
  action?: ReactNode;
  className?: string | undefined;
  children: ReactNode;
};

/** One region of the room with its small heading. */
export function Panel({ name, count, action, className, children }: Props) {
  return (
    <section aria-label={name} className={cx("mb-6", className)}>
      <header className="mb-2 flex min-h-7 items-center gap-2">
        <h2 className="text-xs font-semibold tracking-[0.06em] text-muted uppercase">{name}</h2>
        {count !== undefined && <span className="text-xs text-faint">{count}</span>}
        {action && <div className="ml-auto">{action}</div>}
      </header>
      {children}
    </section>
  );
}
