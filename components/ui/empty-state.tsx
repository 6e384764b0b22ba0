import type { ReactNode } from "react";

/** Says why a list is empty and what to do next. */
export function EmptyState({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex flex-col items-start gap-3 rounded-lg border border-dashed border-line px-5 py-6">
      <div className="flex flex-col gap-1">
        <p className="font-semibold">{title}</p>
        {children && <div className="max-w-prose text-s text-muted">{children}</div>}
      </div>
      {action && <div className="flex flex-wrap gap-2">{action}</div>}
    </div>
  );
}
