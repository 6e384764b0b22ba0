import type { NewEvent } from "#/server/events/index.ts";

/** What a storm says again and again. */
const FOLDED: readonly NewEvent["type"][] = ["alert.attached", "alert.resolved"];
/** Up to so many are entries of their own. */
export const FOLDED_FROM = 4;

type Named = { alertId: unknown; alertTitle: unknown; name: unknown; service: unknown };

function nameOf({ data = {} }: NewEvent): Named {
  const { alertId, alertTitle, name, service } = data;
  return { alertId, alertTitle, name, service };
}

/** Entries of one incident's timeline as they are written: many alerts in a row are one entry, the others in its `more`. Pure. */
export function folded(events: readonly NewEvent[]): NewEvent[] {
  const runs: NewEvent[][] = [];
  for (const event of events) {
    const run = runs.at(-1);
    if (run && run[0]?.type === event.type && FOLDED.includes(event.type)) run.push(event);
    else runs.push([event]);
  }
  return runs.flatMap((run) => {
    const [first, ...others] = run;
    if (!first || run.length < FOLDED_FROM) return run;
    return [{ ...first, data: { ...first.data, more: others.map(nameOf) } }];
  });
}
