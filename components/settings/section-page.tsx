import type { ReactNode } from "react";

type Props = { title: string; about: ReactNode; action?: ReactNode; children: ReactNode };

/** One part of the settings: its name, what it is for, its main act, and its content. */
export function SectionPage({ title, about, action, children }: Props) {
  return (
    <div className="flex flex-col gap-5">
      <header className="flex flex-wrap items-start justify-between gap-3">
        <div className="max-w-prose">
          <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
          <p className="mt-1 text-s text-muted">{about}</p>
        </div>
        {action}
      </header>
      {children}
    </div>
  );
}

/** A heading inside a part. */
export function Subsection({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="mt-3">
      <h2 className="mb-2.5 text-xs font-semibold tracking-[.06em] text-muted uppercase">{title}</h2>
      {children}
    </section>
  );
}
