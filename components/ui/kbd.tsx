import type { ReactNode } from "react";

/** A key to press. Hidden from assistive technology: controls say theirs with `aria-keyshortcuts`. */
export function Kbd({ children }: { children: ReactNode }) {
  return (
    <span
      aria-hidden="true"
      className="rounded border border-current px-1 font-mono text-[11px] leading-4 font-medium max-md:hidden pointer-coarse:hidden"
    >
      {children}
    </span>
  );
}
