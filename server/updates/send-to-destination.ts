import { type OpenDestination, openDestination } from "#/server/audience/index.ts";
import type { Core } from "#/server/events/index.ts";
import { type Outside, sendEvent, sendMattermostPost, sendTeamsCard } from "#/server/notify/index.ts";
import type { Letter } from "./compose.ts";
import { chatOfUpdate, eventOfUpdate } from "./compose-event.ts";
import type { DeliveryRow } from "./delivery-store.ts";
import type { Outcome } from "./record-outcomes.ts";

export const NO_KEY = "Its address cannot be read any more: enter it again under Settings, Destinations.";
const GONE = "The destination was deleted before this was sent.";
const OFF = "The destination was switched off before this was sent.";

/** What a delivery to a destination keeps beside its row. */
export type DestinationPayload = {
  /** The audience that it is for, by its name then. */
  audience?: string;
  /** Who reads there: decides what may be said. */
  reader?: "public" | "internal";
  /** The whole body, for what is not an update. */
  event?: Record<string, unknown>;
};

async function send(
  core: Core,
  row: DeliveryRow,
  outside: Outside,
  place: OpenDestination & { url: string },
  letterOf: (updateId: string) => Promise<Letter>,
): Promise<Outcome> {
  const { url, secrets } = place;
  const { event, reader = "public" } = row.payload as DestinationPayload;
  const now = core.now();
  if (event) return sendEvent(outside, { url, id: row.id, payload: event, secrets, now });
  if (!row.updateId) throw new Error("a delivery to a destination says nothing");
  const letter = await letterOf(row.updateId);
  const isCorrection = row.kind === "correction";
  if (place.row.kind === "webhook") {
    const said = { letter, updateId: row.updateId, isCorrection, reader };
    const payload = await eventOfUpdate(core.db.read, core.config.publicUrl, said);
    return sendEvent(outside, { url, id: row.id, payload, secrets, now });
  }
  const message = chatOfUpdate(letter, isCorrection);
  return place.row.kind === "teams"
    ? sendTeamsCard(outside, { url, message })
    : sendMattermostPost(outside, { url, message });
}

/** Makes one attempt at a Mattermost or Teams channel or a webhook. */
export async function sendToDestination(
  core: Core,
  row: DeliveryRow,
  outside: Outside,
  letterOf: (updateId: string) => Promise<Letter>,
): Promise<Outcome> {
  const place = row.destinationId ? await openDestination(core.db.read, core, row.destinationId) : undefined;
  if (!place) return { ok: false, kind: "cancelled", reason: GONE };
  if (place.row.disabledAt) return { ok: false, kind: "cancelled", reason: OFF };
  const { url } = place;
  const isSigned = place.row.kind !== "webhook" || place.secrets.length > 0;
  if (!url || !isSigned) return { ok: false, kind: "permanent", reason: NO_KEY };
  return send(core, row, outside, { ...place, url }, letterOf);
}
