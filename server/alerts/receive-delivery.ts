import { and, desc, eq, gt, isNull, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { intakes, integrations } from "#/db/schema/index.ts";
import type { Core } from "#/server/events/index.ts";
import { sha256 } from "#/server/platform/crypto.ts";
import { AppError } from "#/server/platform/errors.ts";
import { wellFormedText } from "#/server/platform/well-formed.ts";
import { type Delivery, parseDelivery } from "./delivery.ts";
import { queueForward } from "./forward-delivery.ts";
import type { Mapping } from "./mapping/mapping.ts";
import { readDelivery } from "./read-delivery.ts";
import { REPEAT_WINDOW_MS } from "./shared/lists.ts";
import { sourceFile } from "./sources/index.ts";

export const PROCESS_DELIVERY_JOB = "alerts.process-delivery";
/** Senders that name their deliveries may repeat one for two days (PagerDuty: 48 h). */
const NAMED_REPEAT_WINDOW_MS = 72 * 3_600_000;
const LAST_RECEIVED_STEP_MS = 60_000;
const DELIVERY_ID_HEADERS = ["webhook-id", "x-webhook-id", "x-github-delivery", "x-gitlab-event-uuid", "request-id"];

export type IntegrationRow = typeof integrations.$inferSelect;
export type RawDelivery = {
  integration: IntegrationRow;
  /** By which source it is read; without it by the integration's. The path of a protocol decides. */
  source?: string;
  /** What the path says besides the key. */
  route?: Record<string, string>;
  /** As it came; for a GET the query string stands for it. */
  body: Uint8Array;
  query: string;
  headers: Headers;
  /** For the passing-on: how it was sent, and what stood behind the key in its path. POST and nothing unless said. */
  method?: string;
  path?: string;
};

/** How a custom source is read; it was checked when it was set. */
export function mappingOf(integration: IntegrationRow): Mapping | null {
  return integration.mapping as Mapping | null;
}

/** The enabled integration of a key. @throws AppError "not_found" for an unknown, deleted or disabled one. */
export async function integrationOfKey(core: Core, key: string): Promise<IntegrationRow> {
  const [row] = await core.db.read
    .select()
    .from(integrations)
    .where(and(eq(integrations.keyHash, sha256(key)), isNull(integrations.deletedAt)));
  if (!row?.enabled)
    throw new AppError("not_found", "No integration has this key. Check the URL in Settings → Integrations.");
  return row;
}

/** Headers that say what was sent, whoever sent it. */
const KEPT_HEADERS = ["user-agent", "ce-id", "ce-source", "ce-type", "ce-subject", "ce-specversion", "ce-time"];
const HEADER_LENGTH_MAX = 300;

function keptHeaders(source: string, headers: Headers): Record<string, string> {
  const names = [...KEPT_HEADERS, ...(sourceFile(source)?.headers ?? [])];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headers.get(name);
      return value ? [[name, wellFormedText(value.slice(0, HEADER_LENGTH_MAX))]] : [];
    }),
  );
}

/** What is stored of a delivery beside its key. */
function deliveryOf(raw: RawDelivery, source: string): Delivery {
  return {
    body: raw.body,
    query: raw.query,
    contentType: raw.headers.get("content-type")?.slice(0, 200) ?? "",
    headers: keptHeaders(source, raw.headers),
    route: raw.route ?? {},
  };
}

function repeatOf(raw: RawDelivery): { key: string; windowMs: number } {
  const named = sourceFile(raw.source ?? raw.integration.source)?.deliveryId;
  for (const name of named ? [named, ...DELIVERY_ID_HEADERS] : DELIVERY_ID_HEADERS) {
    const id = raw.headers.get(name);
    if (id) return { key: `${name}:${id.slice(0, 200)}`, windowMs: NAMED_REPEAT_WINDOW_MS };
  }
  const path = JSON.stringify(raw.route ?? {});
  return { key: sha256(Buffer.concat([Buffer.from(`${raw.query}\n${path}\n`), raw.body])), windowMs: REPEAT_WINDOW_MS };
}

/** "Last received" is kept to the minute: a storm must not wait in line for one row. */
async function noteReceived(tx: Sql, integration: IntegrationRow, now: Date): Promise<void> {
  const last = integration.lastReceivedAt;
  if (last && now.getTime() - last.getTime() < LAST_RECEIVED_STEP_MS) return;
  await tx.update(integrations).set({ lastReceivedAt: now }).where(eq(integrations.id, integration.id));
}

/**
 * Stores a delivery and the job that reads it, in one transaction; only then it may be acknowledged.
 * The same delivery again is answered with the first one's id and makes nothing new.
 *
 * @throws AppError "invalid" when the body cannot be parsed.
 */
export async function receiveDelivery(core: Core, raw: RawDelivery): Promise<{ delivery: string; accepted: number }> {
  const source = raw.source ?? raw.integration.source;
  const delivery = deliveryOf(raw, source);
  const read = readDelivery(source, mappingOf(raw.integration), parseDelivery(delivery));
  const repeat = repeatOf(raw);
  const now = core.now();
  return core.db.transaction(async (tx) => {
    // Two equal deliveries at once take turns, so that the second finds the first; others do not wait.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`${raw.integration.id}\n${repeat.key}`}, 0))`);
    const [first] = await tx
      .select({ id: intakes.id, accepted: intakes.accepted })
      .from(intakes)
      .where(
        and(
          eq(intakes.integrationId, raw.integration.id),
          eq(intakes.repeatKey, repeat.key),
          gt(intakes.receivedAt, new Date(now.getTime() - repeat.windowMs)),
        ),
      )
      .orderBy(desc(intakes.receivedAt))
      .limit(1);
    if (first) return { delivery: first.id, accepted: first.accepted };
    const [stored] = await tx
      .insert(intakes)
      .values({
        integrationId: raw.integration.id,
        receivedAt: now,
        source,
        ...delivery,
        repeatKey: repeat.key,
        accepted: read.accepted,
        recognised: read.recognised,
      })
      .returning({ id: intakes.id });
    if (!stored) throw new Error("an inserted delivery was not returned");
    await core.queue.enqueue(tx, PROCESS_DELIVERY_JOB, { deliveryId: stored.id });
    await queueForward(tx, core, raw, stored.id, now);
    await noteReceived(tx, raw.integration, now);
    return { delivery: stored.id, accepted: read.accepted };
  });
}
