import { and, inArray, isNull } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { integrations } from "#/db/schema/index.ts";
import type { Core } from "#/server/events/index.ts";
import { sha256 } from "#/server/platform/crypto.ts";
import { AppError } from "#/server/platform/errors.ts";
import { Gathering } from "#/server/platform/gathering.ts";
import { wellFormedText } from "#/server/platform/well-formed.ts";
import { CONFIRM_SUBSCRIPTION_JOB, rememberTopic } from "./confirm-subscription.ts";
import { type Delivery, parseDelivery } from "./delivery.ts";
import { queueForward } from "./forward-delivery.ts";
import { type StoredIntake, storeIntake } from "./intake-window.ts";
import type { Mapping } from "./mapping/mapping.ts";
import { readDelivery } from "./read-delivery.ts";
import { REPEAT_WINDOW_MS } from "./shared/lists.ts";
import { type Proof, proveDelivery } from "./signatures/prove-delivery.ts";
import { amazon, type SnsDoor } from "./signatures/sns.ts";
import { sourceFile } from "./sources/index.ts";

/** Senders that name their deliveries may repeat one for two days (PagerDuty: 48 h). */
const NAMED_REPEAT_WINDOW_MS = 72 * 3_600_000;
const DELIVERY_ID_HEADERS = ["webhook-id", "x-webhook-id", "x-github-delivery", "x-gitlab-event-uuid", "request-id"];

export type IntegrationRow = typeof integrations.$inferSelect;
export type RawDelivery = {
  integration: IntegrationRow;
  /** By which source it is read; without it by the integration's. The path of a protocol decides. */
  source?: string;
  /** What the path says besides the key. */
  route?: Record<string, string>;
  /** What this server adds to the route, such as a key that the sender left out; it tells no repeat. */
  given?: Record<string, string>;
  /** As it came; for a GET the query string stands for it. */
  body: Uint8Array;
  query: string;
  headers: Headers;
  /** For the passing-on: how it was sent, and what stood behind the key in its path. POST and nothing unless said. */
  method?: string;
  path?: string;
};

/** How a custom source is read, unless the path decided otherwise; it was checked when it was set. */
export function mappingOf(integration: IntegrationRow, source: string): Mapping | null {
  return source === integration.source ? (integration.mapping as Mapping | null) : null;
}

/** Keys of one query; in a storm most are the same. */
const KEYS_PER_LOOK = 500;

type Found = { row: IntegrationRow | undefined } | { error: unknown };
type Look = Gathering<string, Found>;
const looks = new WeakMap<Core, Look>();

function createLook(core: Core): Look {
  return new Gathering(KEYS_PER_LOOK, async (hashes): Promise<Found[]> => {
    const asked = core.db.read
      .select()
      .from(integrations)
      .where(and(inArray(integrations.keyHash, [...new Set(hashes)]), isNull(integrations.deletedAt)));
    try {
      const byHash = new Map((await asked).map((row) => [row.keyHash, row]));
      return hashes.map((hash) => ({ row: byHash.get(hash) }));
    } catch (error) {
      // No hash is at fault: the database is, and each by itself would only wait for it once more.
      return hashes.map(() => ({ error }));
    }
  });
}

/**
 * The enabled integration of a key, as it is now: keys that are asked at once are looked up at once, and nothing is kept.
 *
 * @throws AppError "not_found" for an unknown, deleted or disabled one.
 */
export async function integrationOfKey(core: Core, key: string): Promise<IntegrationRow> {
  const look = looks.get(core) ?? createLook(core);
  looks.set(core, look);
  const found = await look.ask(sha256(key));
  if ("error" in found) throw found.error;
  const { row } = found;
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

/** Keys that stand in a query string are of no use to those who read it later. */
function withoutKeys(query: string): string {
  return query.replace(/(^|&)(?:api_key|apikey|key|token)=[^&]*/gi, "$1").replace(/^&+|&+$/g, "");
}

/** What is stored of a delivery beside its key. */
function deliveryOf(raw: RawDelivery, source: string, receivedAt: Date) {
  return {
    receivedAt,
    body: raw.body,
    query: raw.body.length > 0 ? withoutKeys(raw.query) : raw.query,
    contentType: raw.headers.get("content-type")?.slice(0, 200) ?? "",
    headers: keptHeaders(source, raw.headers),
    route: { ...raw.route, ...raw.given },
  } satisfies Delivery;
}

function repeatOf(raw: RawDelivery, { sns, isProven }: Proof): { key: string; windowMs: number } {
  if (sns && isProven) return { key: `sns:${sns.MessageId.slice(0, 200)}`, windowMs: NAMED_REPEAT_WINDOW_MS };
  const event = raw.headers.get("ce-id");
  if (event) {
    // An event is named by its source and id; a sender that counts from 1 at each start must lose nothing.
    const named = `${raw.headers.get("ce-source")}\n${event}\n${sha256(raw.body)}`;
    return { key: `ce:${sha256(named)}`, windowMs: NAMED_REPEAT_WINDOW_MS };
  }
  const named = sourceFile(raw.source ?? raw.integration.source)?.deliveryId;
  for (const name of named ? [named, ...DELIVERY_ID_HEADERS] : DELIVERY_ID_HEADERS) {
    const id = raw.headers.get(name);
    if (id) return { key: `${name}:${id.slice(0, 200)}`, windowMs: NAMED_REPEAT_WINDOW_MS };
  }
  const path = JSON.stringify(raw.route ?? {});
  return { key: sha256(Buffer.concat([Buffer.from(`${raw.query}\n${path}\n`), raw.body])), windowMs: REPEAT_WINDOW_MS };
}

/** What follows from a message of Amazon: its topic is kept, its question is answered by a job. */
function heedSns(core: Core, integration: IntegrationRow, { sns, isProven }: Proof) {
  if (!sns) return undefined;
  return async (tx: Sql, deliveryId: string): Promise<void> => {
    if (isProven && integration.snsTopic === null) await rememberTopic(tx, integration.id, sns.TopicArn);
    if (sns.Type === "SubscriptionConfirmation") {
      await core.queue.enqueue(tx, CONFIRM_SUBSCRIPTION_JOB, { deliveryId });
    }
  };
}

/**
 * Stores a delivery and the job that reads it, in one transaction; only then it may be acknowledged.
 * The same delivery again is answered with the first one's id and makes nothing new.
 *
 * @throws AppError "invalid" when the body cannot be parsed, "unauthenticated" when its signature is wrong,
 * "unavailable" when that cannot be found out now.
 */
export async function receiveDelivery(core: Core, raw: RawDelivery, door: SnsDoor = amazon): Promise<StoredIntake> {
  const { integration } = raw;
  const source = raw.source ?? integration.source;
  const { receivedAt, ...delivery } = deliveryOf(raw, source, core.now());
  const parsed = parseDelivery({ ...delivery, receivedAt });
  const proof = await proveDelivery(core, door, integration, { ...raw, source }, parsed);
  const read = readDelivery(source, mappingOf(integration, source), parsed);
  const heed = heedSns(core, integration, proof);
  return storeIntake(core, {
    integration,
    intake: { source, ...delivery, accepted: read.accepted, recognised: read.recognised },
    receivedAt,
    repeat: repeatOf(raw, proof),
    async also(tx, deliveryId) {
      await heed?.(tx, deliveryId);
      await queueForward(tx, core, raw, deliveryId, receivedAt);
    },
  });
}
