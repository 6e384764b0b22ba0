"use client";

import { Fragment, useMemo, useState } from "react";
import { cx } from "#/components/ui/cx.ts";
import { Segmented } from "#/components/ui/segmented.tsx";
import { diffText } from "#/server/timeline/shared/text-diff.ts";
import type { PlannedUpdateView } from "#/server/updates/planned/contract.ts";

type View = "text" | "before" | "out";

/** The text that waits, and what it changes of the one asked for before, or of the one that is out. */
export function PlannedText({ planned, className }: { planned: PlannedUpdateView; className?: string | undefined }) {
  const { body, bodyBefore, bodyOut } = planned;
  const options: { value: View; label: string }[] = [{ value: "text", label: "Text" }];
  if (bodyBefore !== null && bodyBefore !== body) options.push({ value: "before", label: "Changed since asked" });
  if (bodyOut !== null && bodyOut !== body) options.push({ value: "out", label: "Against what is out" });
  // Whoever read it once wants to see what is new; a correction is read by what it corrects.
  const likely: View = options.some((each) => each.value === "before")
    ? "before"
    : planned.kind === "correction" && bodyOut !== null
      ? "out"
      : "text";
  const [chosen, setChosen] = useState<View | null>(null);
  const view = options.some((each) => each.value === chosen) ? (chosen as View) : likely;
  return (
    <div className={cx("@container", className)}>
      {options.length > 1 && (
        <div className="mb-1.5">
          <Segmented label="What to read" value={view} options={options} onChange={setChosen} />
        </div>
      )}
      <p className="max-h-52 overflow-y-auto whitespace-pre-wrap wrap-anywhere">
        {view === "text" ? body : <Difference before={(view === "before" ? bodyBefore : bodyOut) ?? ""} after={body} />}
      </p>
      <PlannedDetails planned={planned} />
    </div>
  );
}

/** What goes out besides the text: whoever approves it approves all of it. */
function PlannedDetails({ planned }: { planned: PlannedUpdateView }) {
  if (planned.details.length === 0) return null;
  return (
    <dl className="mt-2 gap-x-3 gap-y-1 @md:grid @md:grid-cols-[minmax(0,auto)_minmax(0,1fr)]">
      {planned.details.map(({ label, text }) => (
        <Fragment key={label}>
          <dt className="text-muted">{label}</dt>
          <dd className="max-h-52 overflow-y-auto whitespace-pre-wrap wrap-anywhere @max-md:mb-1.5">{text}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

function Difference({ before, after }: { before: string; after: string }) {
  const parts = useMemo(() => diffText(before, after), [before, after]);
  return parts.map(({ kind, text }, at) => {
    const key = `${at} ${kind}`;
    if (kind === "same") return <span key={key}>{text}</span>;
    const isAdded = kind === "added";
    const Mark = isAdded ? "ins" : "del";
    return (
      <Mark
        key={key}
        className={cx(
          "rounded-xs px-0.5",
          isAdded ? "bg-ok-bg text-ok underline decoration-2" : "bg-bad-bg text-bad line-through",
        )}
      >
        {text}
      </Mark>
    );
  });
}
