import { Tag } from "#/components/ui/tag.tsx";
import type { PostmortemView } from "#/server/postmortem/contract.ts";
import { durationText, utcDay } from "#/server/postmortem/shared/format.ts";

const NAMES_SHOWN = 3;

function namesText(names: readonly string[]): string {
  const more = names.length - NAMES_SHOWN;
  return names.slice(0, NAMES_SHOWN).join(", ") + (more > 0 ? `, ${more} more` : "");
}

/** When it was, how bad, who was there, and how long it took; every duration says from what to what. */
export function PostmortemFacts({ postmortem: { incident, durations } }: { postmortem: PostmortemView }) {
  const parts = [
    utcDay(new Date(incident.declaredAt)),
    incident.severity ?? "no severity",
    ...(incident.responders.length > 0 ? [namesText(incident.responders)] : []),
  ];
  return (
    <>
      <p className="flex flex-wrap items-center gap-2 text-s text-muted">
        <span>{parts.join(" · ")}</span>
        {incident.visibility === "private" && <Tag tone="warn">Private</Tag>}
      </p>
      <dl className="mt-2 grid grid-cols-4 overflow-hidden rounded-md border border-line bg-panel max-md:grid-cols-2">
        {durations.map((duration) => (
          <div
            key={duration.key}
            className="flex flex-col gap-0.5 border-line px-3 py-2 not-first:border-l max-md:odd:border-l-0 max-md:nth-[n+3]:border-t"
          >
            <dt className="text-xs text-muted">{duration.name}</dt>
            <dd className="text-l font-semibold">{durationText(duration.ms)}</dd>
            <dd className="text-xs text-muted">from {duration.from}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
