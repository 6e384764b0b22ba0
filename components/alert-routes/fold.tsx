"use client";

import { type ReactNode, useEffect, useRef } from "react";

type Props = {
  title: string;
  /** What is chosen inside, while it is closed. */
  summary: string;
  /** Open from the start: something inside is not as usual. */
  isOpenAtFirst?: boolean;
  /** Something inside has to be put right: it opens. */
  hasProblem?: boolean;
  children: ReactNode;
};

/** An optional part of a form, folded until it is wanted. What is wrong inside opens it. */
export function Fold({ title, summary, isOpenAtFirst = false, hasProblem = false, children }: Props) {
  const ref = useRef<HTMLDetailsElement>(null);
  const unfold = () => {
    if (ref.current) ref.current.open = true;
  };
  useEffect(() => {
    if (ref.current && hasProblem) ref.current.open = true;
  }, [hasProblem]);
  return (
    <details
      ref={ref}
      open={isOpenAtFirst || undefined}
      onInvalidCapture={unfold}
      className="group rounded-lg border border-line bg-panel"
    >
      <summary className="flex min-h-11 flex-wrap items-center gap-x-2 px-4 py-2 text-s">
        <span aria-hidden="true" className="text-muted group-open:rotate-90">
          ▸
        </span>
        <span className="font-[550]">{title}</span>
        <span className="min-w-0 text-muted wrap-anywhere group-open:hidden">{summary}</span>
      </summary>
      <div className="flex flex-col gap-4 px-4 pt-1 pb-4">{children}</div>
    </details>
  );
}
