import type { Sql } from "#/db/client.ts";
import type { Ctx, RecordedEvent } from "#/server/events/index.ts";
import type { IncidentRow } from "#/server/incidents/index.ts";
import { type NewNotification, notify } from "./store.ts";

/** An event that people are told of, inside its transaction. */
export type Told = { tx: Sql; ctx: Ctx; event: RecordedEvent; incident: IncidentRow };

/** Tells people of an event: it is the cause, and the entry that they are led to. */
export async function tell(told: Told, to: readonly string[], what: Omit<NewNotification, "cause" | "entryId">) {
  const { tx, ctx, event, incident } = told;
  await notify(tx, ctx, incident, to, { ...what, cause: `${what.kind}:${event.id}`, entryId: event.id });
}
