import { cx } from "#/components/ui/cx.ts";
import type { Audience } from "#/server/updates/shared/lists.ts";

type Look = {
  /** In text alone, where no icon can stand. */
  sign: string;
  word: string;
  /** Who reads it, in a sentence. */
  hint: string;
  /** The edge and ground of anything that stands for it: a fieldset, a preview. */
  frame: string;
  /** The edge of what is chosen inside it. */
  chip: string;
  /** The lines of its icon, 16 by 16. */
  icon: string;
};

/** How public and internal look. Never alike: word, icon, kind of edge and colour all differ. */
export const audienceLooks: Record<Audience, Look> = {
  public: {
    sign: "◉",
    word: "Public",
    hint: "Everyone reads it: customers on the status page and in their mail.",
    frame: "border-2 border-warn bg-warn-bg",
    chip: "has-checked:border-warn has-checked:bg-panel",
    // A globe.
    icon: "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13M1.5 8h13M8 1.5q3 3 3 6.5t-3 6.5q-3-3-3-6.5t3-6.5",
  },
  internal: {
    sign: "▣",
    word: "Internal",
    hint: "Our own people only. The status page does not change.",
    frame: "border-2 border-dashed border-line-strong bg-raised",
    chip: "has-checked:border-text has-checked:bg-panel",
    // A lock.
    icon: "M5 7V5a3 3 0 0 1 6 0v2M3 7h10v7H3zM8 10v1.5",
  },
};

type SignProps = { kind: Audience; className?: string | undefined };

/** The icon alone; the word stands beside it. */
export function AudienceIcon({ kind, className }: SignProps) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 16 16"
      strokeWidth={1.5}
      strokeLinejoin="round"
      className={cx("size-[1.1em] shrink-0 fill-none stroke-current", className)}
    >
      <path d={audienceLooks[kind].icon} />
    </svg>
  );
}

/** Says whether something is read by everybody or by our own people: by word, icon, edge and colour. */
export function AudienceBadge({ kind }: { kind: Audience }) {
  const { word, hint, frame } = audienceLooks[kind];
  return (
    <span
      title={hint}
      className={cx(
        "inline-flex min-h-5 items-center gap-1 rounded px-1.5 text-xs font-semibold whitespace-nowrap",
        kind === "public" ? "text-warn" : "text-text",
        frame,
      )}
    >
      <AudienceIcon kind={kind} />
      {word}
    </span>
  );
}
