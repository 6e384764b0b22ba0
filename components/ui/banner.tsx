import type { ReactNode } from "react";
import { cx } from "./cx.ts";
import type { Tone } from "./tag.tsx";

const bannerTones: Record<Tone, string> = {
  plain: "border-line bg-panel text-text",
  ok: "border-ok/40 bg-ok-bg text-text",
  warn: "border-warn/40 bg-warn-bg text-text",
  bad: "border-bad/40 bg-bad-bg text-text",
};
const bannerSigns: Record<Tone, string> = { plain: "i", ok: "✓", warn: "!", bad: "!" };
const signTones: Record<Tone, string> = { plain: "text-muted", ok: "text-ok", warn: "text-warn", bad: "text-bad" };

type BannerProps = {
  tone?: Tone | undefined;
  /** The first words, in bold. */
  title?: string | undefined;
  children?: ReactNode;
  /** Announced at once; for what the reader must know now. */
  isAlert?: boolean | undefined;
};

/** A sentence across the page about the state of things. */
export function Banner({ tone = "plain", title, children, isAlert = false }: BannerProps) {
  return (
    <div
      {...(isAlert && { role: "alert" })}
      className={cx("flex gap-2.5 rounded-md border px-3 py-2 text-s", bannerTones[tone])}
    >
      <b aria-hidden="true" className={signTones[tone]}>
        {bannerSigns[tone]}
      </b>
      <div className="min-w-0 grow">
        {title && <b className="mr-1 font-semibold">{title}</b>}
        {children}
      </div>
    </div>
  );
}
