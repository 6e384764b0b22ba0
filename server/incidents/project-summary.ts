import { eq } from "drizzle-orm";
import { afterCommit } from "#/db/client.ts";
import { incidents } from "#/db/schema/index.ts";
import { systemActor } from "#/server/access/index.ts";
import type { Documents } from "#/server/documents/index.ts";
import { type Core, ctxFor, touchRoom } from "#/server/events/index.ts";
import { messageOf } from "#/server/platform/errors.ts";
import { wellFormedText } from "#/server/platform/well-formed.ts";
import { PROSE_LENGTH_MAX } from "./shared/lists.ts";

/** Who has the summary open sees each letter; everybody else hears of it once typing pauses or this time is over. */
const TELL_PAUSE_MS = 500;

/** Keeps `incidents.summary` what the shared document `summary` says, in the commit of each edit. */
export function registerSummaryProjection(core: Core, documents: Documents): void {
  const waiting = new Set<string>();
  const tell = (incidentId: string) => {
    if (waiting.has(incidentId)) return;
    waiting.add(incidentId);
    setTimeout(() => {
      waiting.delete(incidentId);
      core.db
        .transaction((tx) => touchRoom(tx, ctxFor(core, systemActor), incidentId, ["incident"]))
        .catch((error: unknown) => core.log.warn({ error: messageOf(error) }, "a new summary could not be told"));
    }, TELL_PAUSE_MS).unref();
  };
  documents.projections.on("summary", async (tx, _ctx, { incidentId, text }) => {
    const summary = wellFormedText(text ?? "").slice(0, PROSE_LENGTH_MAX);
    await tx.update(incidents).set({ summary }).where(eq(incidents.id, incidentId));
    afterCommit(() => tell(incidentId));
  });
}
