import type { ReactNode } from "react";
import { cx } from "./cx.ts";

export type Tone = "plain" | "ok" | "warn" | "bad";

const tagTones: Record<Tone, string> = {
  plain: "border-line bg-raised text-text",
  ok: "border-transparent bg-ok-bg text-ok",
  warn: "border-transparent bg-warn-bg text-warn",
  bad: "border-transparent bg-bad-bg text-bad",
};

/** A short word about a thing's kind or state. The word carries the meaning; the tone only underlines it. */
export function Tag({ tone = "plain", children }: { tone?: Tone | undefined; children: ReactNode }) {
  return (
    <span
      className={cx(
        "inline-flex min-h-5 items-center gap-1 rounded border px-1.5 text-xs font-medium whitespace-nowrap",
        tagTones[tone],
      )}
    >
      {children}
    </span>
  );
}
