import { eq } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { publicIncidents, updates } from "#/db/schema/index.ts";
import {
  COMPONENT_CHANGED_JOB,
  type ComponentChanged,
  findWebhook,
  saveWebhook,
  selectComponents,
  selectWebhooks,
  subscriberUrl,
  webhookSecretOf,
  webhookUrl,
} from "#/server/audience/index.ts";
import type { Core, Ctx, RecordedEvent } from "#/server/events/index.ts";
import { type Outside, sendWebhook } from "#/server/notify/index.ts";
import type { JobRun } from "#/server/platform/queue.ts";
import { publicBase, readSettings } from "#/server/settings/index.ts";
import { componentOf, incidentOf } from "./json.ts";
import type { PageModel } from "./model.ts";
import { linkTo } from "./pages/layout.ts";
import { readPageModel } from "./read-model.ts";
import { headlineOf, indicatorOf } from "./rules.ts";

const FAN_OUT_JOB = "status-page.webhooks";
const SEND_JOB = "status-page.webhook";
/** With pauses that grow to five minutes, half an hour of trying: later, the news is old, and the page has it. */
const RETRIES = 12;
/** Webhooks on their way at once: one that hangs holds one place. */
const CONCURRENCY = 4;
/** Older updates are on the page; a long incident must not become a long body. */
const UPDATES_TOLD_MAX = 10;

/** What every message says of the page; `unsubscribe` is each webhook's own. */
function aboutPage(model: PageModel, at: Date) {
  const documentation = `${model.page.url}${linkTo(model, "/subscribe")}`;
  return {
    meta: { unsubscribe: "", documentation, generated_at: at.toISOString() },
    page: { id: model.page.id, status_indicator: indicatorOf(model), status_description: headlineOf(model) },
  };
}

/** What a webhook is told of an incident, in the shape that Statuspage sends. Pure. */
export function webhookPayload(model: PageModel, incidentId: string, at: Date) {
  const incident = model.incidents.find((one) => one.id === incidentId);
  if (!incident) return undefined;
  const told = { ...incident, updates: incident.updates.slice(0, UPDATES_TOLD_MAX) };
  return { ...aboutPage(model, at), incident: incidentOf(told, model) };
}

/** What a webhook is told of another state of a component, in the shape that Statuspage sends. Pure. */
function componentPayload(model: PageModel, publicId: string, changed: ComponentChanged, at: Date) {
  const component = model.components.find((one) => one.id === publicId);
  if (!component) return undefined;
  return {
    ...aboutPage(model, at),
    component_update: {
      id: changed.updateId,
      component_id: publicId,
      old_status: changed.from,
      new_status: changed.to,
      created_at: changed.at,
    },
    component: { ...componentOf(component, model.page.id, model.components), status: changed.to },
  };
}

/** An update that is on the page is told to webhooks: the job is made in the transaction that publishes it. */
async function onUpdate(tx: Sql, ctx: Ctx, event: RecordedEvent): Promise<void> {
  const [update] = await tx
    .select()
    .from(updates)
    .where(eq(updates.id, String(event.data.updateId)));
  if (update?.audience !== "public" || !update.channels.includes("status_page")) return;
  await ctx.queue.enqueue(tx, FAN_OUT_JOB, { updateId: update.id, version: event.id });
}

/** Makes one job for each webhook that an update goes to. Safe to repeat: the same message has the same id. */
export async function fanOutWebhooks(core: Core, data: { updateId: string; version: string }): Promise<void> {
  const q = core.db.read;
  const [found] = await q
    .select({ components: updates.components, publicId: publicIncidents.publicId })
    .from(updates)
    .innerJoin(publicIncidents, eq(publicIncidents.incidentId, updates.incidentId))
    .where(eq(updates.id, data.updateId));
  if (!found) return;
  const wanted = await selectWebhooks(
    q,
    found.components.map((component) => component.id),
  );
  if (wanted.length === 0) return;
  const payload = webhookPayload(await readPageModel(core), found.publicId, core.now());
  if (payload) await enqueueEach(core, wanted, data.version, payload);
}

/** The same for another state of a component. */
export async function fanOutComponent(core: Core, changed: ComponentChanged): Promise<void> {
  const wanted = await selectWebhooks(core.db.read, [changed.componentId]);
  if (wanted.length === 0) return;
  const row = (await selectComponents(core.db.read)).find((one) => one.id === changed.componentId);
  const payload = row && componentPayload(await readPageModel(core), row.publicId, changed, core.now());
  if (payload) await enqueueEach(core, wanted, changed.updateId, payload);
}

type Payload = NonNullable<ReturnType<typeof webhookPayload> | ReturnType<typeof componentPayload>>;

async function enqueueEach(
  core: Core,
  wanted: readonly { id: string }[],
  version: string,
  payload: Payload,
): Promise<void> {
  await core.db.transaction(async (tx) => {
    for (const { id } of wanted) await core.queue.enqueue(tx, SEND_JOB, { subscriberId: id, version, payload });
  });
}

/**
 * Makes one attempt to tell one webhook, and writes down what became of it. A receiver that answers 410 is not told
 * again. @throws Error when it is worth another try, which the queue makes
 */
export async function tellWebhook(
  core: Core,
  outside: Outside,
  data: { subscriberId: string; version: string; payload: Payload },
  run: JobRun,
): Promise<void> {
  const row = await findWebhook(core.db.read, data.subscriberId);
  if (!row?.confirmedAt || row.endedAt) return;
  const base = publicBase(await readSettings(core.db.read, core), core.config);
  const unsubscribe = subscriberUrl(core.config, base, "unsubscribe-webhook", row.id);
  const outcome = await sendWebhook(outside, {
    url: webhookUrl(core, row),
    id: `${data.version}.${row.id}`,
    payload: { ...data.payload, meta: { ...data.payload.meta, unsubscribe } },
    secrets: [webhookSecretOf(core, row.id)],
    now: core.now(),
  });
  if (outcome.ok) return saveWebhook(core, row.id, { lastSentAt: core.now(), lastError: null });
  const isGone = /answered with HTTP 410\b/.test(outcome.reason);
  await saveWebhook(core, row.id, { lastError: outcome.reason, ...(isGone && { endedAt: core.now() }) });
  if (outcome.kind !== "permanent" && !run.isLastTry) throw new Error(outcome.reason);
}

/** Registers what tells webhooks of the page's news; before the queue starts. */
export function registerPageWebhooks(core: Core, outside: Outside): void {
  core.handlers.on("update.published", onUpdate);
  core.handlers.on("update.corrected", onUpdate);
  core.queue.work(FAN_OUT_JOB, { retries: 5 }, (data) =>
    fanOutWebhooks(core, { updateId: String(data.updateId), version: String(data.version) }),
  );
  core.queue.work(COMPONENT_CHANGED_JOB, { retries: 5 }, (data) => fanOutComponent(core, data as ComponentChanged));
  core.queue.work(SEND_JOB, { concurrency: CONCURRENCY, retries: RETRIES, timeLimitSeconds: 30 }, (data, run) =>
    tellWebhook(core, outside, data as Parameters<typeof tellWebhook>[2], run),
  );
}
