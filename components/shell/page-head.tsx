import type { ReactNode } from "react";

type Props = { title: string; action?: ReactNode; children?: ReactNode };

/** A page's name and its main act, and below them what filters it. */
export function PageHead({ title, action, children }: Props) {
  return (
    <div className="mb-6 flex flex-col gap-3">
      <div className="flex min-h-[34px] items-center justify-between gap-3">
        <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
        {action}
      </div>
      {children}
    </div>
  );
}
