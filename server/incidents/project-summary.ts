import { sql } from "drizzle-orm";
import { afterCommit } from "#/db/client.ts";
import { systemActor } from "#/server/access/index.ts";
import type { Documents } from "#/server/documents/index.ts";
import { type Core, ctxFor, touchRooms } from "#/server/events/index.ts";
import { messageOf } from "#/server/platform/errors.ts";
import { wellFormedText } from "#/server/platform/well-formed.ts";
import { PROSE_LENGTH_MAX } from "./shared/lists.ts";

/** Who has the summary open sees each letter; everybody else hears of it once typing pauses or this time is over. */
const TELL_PAUSE_MS = 500;

/** Keeps `incidents.summary` what the shared document `summary` says, in the commit of each edit, for all incidents of a commit at once. */
export function registerSummaryProjection(core: Core, documents: Documents): void {
  const waiting = new Set<string>();
  const tellWaiting = () => {
    const incidentIds = [...waiting];
    waiting.clear();
    core.db
      .transaction((tx) => touchRooms(tx, ctxFor(core, systemActor), incidentIds, ["incident"]))
      .catch((error: unknown) => core.log.warn({ error: messageOf(error) }, "a new summary could not be told"));
  };
  const tell = (incidentIds: Iterable<string>) => {
    if (waiting.size === 0) setTimeout(tellWaiting, TELL_PAUSE_MS).unref();
    for (const id of incidentIds) waiting.add(id);
  };
  documents.projections.onGroup("summary", async (tx, events) => {
    const summaries = new Map(
      events.map(({ incidentId, text }) => [incidentId, wellFormedText((text ?? "").slice(0, PROSE_LENGTH_MAX))]),
    );
    const list = JSON.stringify([...summaries].map(([id, summary]) => ({ id, summary })));
    await tx.execute(sql`
      update incidents set summary = said.summary
      from jsonb_to_recordset(${list}::jsonb) as said(id uuid, summary text)
      where incidents.id = said.id and incidents.id = any(${sql.param([...summaries.keys()])}::uuid[])`);
    afterCommit(() => tell(summaries.keys()));
  });
}
