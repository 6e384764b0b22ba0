import type { ReactNode } from "react";

type RowsProps = {
  label: string;
  /** Whether their order means something. */
  isOrdered?: boolean | undefined;
  children: ReactNode;
};

/** A list of settings' things, ruled. */
export function Rows({ label, isOrdered = false, children }: RowsProps) {
  const List = isOrdered ? "ol" : "ul";
  return (
    <List aria-label={label} className="border-b border-line">
      {children}
    </List>
  );
}

type RowProps = { title: ReactNode; tags?: ReactNode; facts?: ReactNode; acts?: ReactNode; children?: ReactNode };

/** One thing: its name, facts in muted letters, and what can be done with it. */
export function Row({ title, tags, facts, acts, children }: RowProps) {
  return (
    <li className="border-t border-line py-3">
      <div className="flex items-start justify-between gap-x-4 gap-y-1 max-md:flex-col">
        <div className="min-w-0">
          <div className="flex flex-wrap items-center gap-1.5 font-[550]">
            <span className="min-w-0 break-words">{title}</span>
            {tags}
          </div>
          {facts && <div className="text-[13px] break-words text-muted">{facts}</div>}
        </div>
        {acts && (
          <div className="flex shrink-0 flex-wrap gap-1 max-md:[&_button]:min-h-11 max-md:[&>button:first-child]:-ml-2.5 max-md:[&>div:first-child]:-ml-2.5">
            {acts}
          </div>
        )}
      </div>
      {children}
    </li>
  );
}
