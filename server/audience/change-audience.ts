import { and, eq, ne, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { audienceDestinations, audiences, serviceAliases, services } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import { type Ctx, recordAudit } from "#/server/events/index.ts";
import { severities } from "#/server/incidents/shared/lists.ts";
import { isMailAddress } from "#/server/notify/index.ts";
import { AppError, refuseField } from "#/server/platform/errors.ts";
import { wellFormed } from "#/server/platform/well-formed.ts";
import { presentAudiences, type ReachedAudience, selectAudiences } from "./audience-store.ts";
import { lockReach } from "./change-destination.ts";
import { lockComponents } from "./component-store.ts";
import type { AudienceView, ChangeAudienceInput, CreateAudienceInput } from "./contract.ts";
import { type DestinationRow, selectDestinations } from "./destination-store.ts";
import { AUDIENCES_MAX, type AudienceKind } from "./shared/reach.ts";

type Fields = Pick<
  ReachedAudience,
  "name" | "kind" | "services" | "components" | "severities" | "emails" | "slackChannels"
> & { destinationIds: string[] };

/**
 * The ids of services given by id, name or alias, each once. An id that is held already stays, also when its service is
 * gone: left out, the audience would hear of everything. @throws AppError "invalid" naming the first that does not exist
 */
async function serviceIds(tx: Sql, keys: readonly string[], held: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const [index, key] of keys.entries()) {
    const wanted = key.toLowerCase();
    if (held.includes(wanted)) {
      ids.push(wanted);
      continue;
    }
    const [found] = await tx
      .select({ id: services.id })
      .from(services)
      .where(
        sql`${services.id}::text = ${wanted} or lower(${services.name}) = ${wanted} or exists (select 1
          from ${serviceAliases} where ${serviceAliases.serviceId} = ${services.id} and lower(${serviceAliases.alias}) = ${wanted})`,
      )
      .orderBy(sql`lower(${services.name}) = ${wanted} desc`)
      .limit(1);
    if (!found) refuseField(`/services/${index}`, `There is no service ${key}.`);
    ids.push(found.id);
  }
  return [...new Set(ids)];
}

/** @throws AppError "invalid" naming the first that does not exist */
async function chosenDestinations(tx: Sql, ids: readonly string[]): Promise<DestinationRow[]> {
  const all = await selectDestinations(tx);
  const chosen = ids.map((id, index) => {
    const row = all.find((one) => one.id === id.toLowerCase());
    return row ?? refuseField(`/destinations/${index}`, "There is no such destination.");
  });
  return [...new Map(chosen.map((row) => [row.id, row])).values()];
}

/** Each once, in any case. Pure. */
function eachOnce(texts: readonly string[]): string[] {
  return [...new Map(texts.map((text) => [text.toLowerCase(), text])).values()];
}

/** @throws AppError "invalid" for an address that mail cannot go to, or any of a public audience. Pure. */
function requireFitEmails(kind: AudienceKind, emails: readonly string[]): void {
  if (kind === "public" && emails.length > 0) {
    refuseField(
      "/emails",
      "People outside subscribe on the status page themselves, and choose their components there.",
    );
  }
  const unfit = emails.findIndex((email) => !isMailAddress(email));
  if (unfit >= 0) refuseField(`/emails/${unfit}`, "This is not an e-mail address that mail can go to.");
}

/**
 * @throws AppError "conflict" when a place of this audience is also one of an audience of the other kind: what is said
 * internally would be read in public.
 */
function requireApart(fields: Fields, others: readonly ReachedAudience[]): void {
  for (const other of others) {
    if (other.kind === fields.kind) continue;
    const place = other.destinations.find((one) => fields.destinationIds.includes(one.id));
    const channels = other.slackChannels.map((channel) => channel.toLowerCase());
    const shared = place?.name ?? fields.slackChannels.find((channel) => channels.includes(channel.toLowerCase()));
    if (!shared) continue;
    throw new AppError(
      "conflict",
      `${shared} is a place of the ${other.kind} audience ${other.name}: what is internal would be read in public there.`,
    );
  }
}

/** The same for components, by id or public id. */
async function componentIds(tx: Sql, keys: readonly string[], held: readonly string[]): Promise<string[]> {
  const kept = keys.map((key) => key.toLowerCase()).filter((key) => held.includes(key));
  const found = await lockComponents(
    tx,
    keys.filter((key) => !held.includes(key.toLowerCase())),
  );
  return [...new Set([...kept, ...[...found.values()].map((row) => row.id)])];
}

/** The fields that an input asks for, on top of those there are. @throws AppError "invalid" */
async function fieldsOf(tx: Sql, before: Fields, input: ChangeAudienceInput): Promise<Fields> {
  const fields: Fields = {
    ...before,
    ...(input.name && { name: input.name }),
    ...(input.services && { services: await serviceIds(tx, input.services, before.services) }),
    ...(input.components && { components: await componentIds(tx, input.components, before.components) }),
    ...(input.severities && { severities: severities.filter((one) => input.severities?.includes(one)) }),
    ...(input.destinations && {
      destinationIds: (await chosenDestinations(tx, input.destinations)).map((row) => row.id),
    }),
    ...(input.emails && { emails: eachOnce(input.emails) }),
    ...(input.slackChannels && { slackChannels: eachOnce(input.slackChannels) }),
  };
  requireFitEmails(fields.kind, fields.emails);
  return fields;
}

async function requireFreeName(tx: Sql, name: string, id: string | null): Promise<void> {
  const isTaken = await tx.$count(
    audiences,
    and(eq(sql`lower(${audiences.name})`, name.toLowerCase()), id ? ne(audiences.id, id) : undefined),
  );
  if (isTaken > 0) refuseField("/name", "Another audience is called so.");
}

async function saveLinks(tx: Sql, audienceId: string, destinationIds: readonly string[]): Promise<void> {
  await tx.delete(audienceDestinations).where(eq(audienceDestinations.audienceId, audienceId));
  if (destinationIds.length === 0) return;
  await tx.insert(audienceDestinations).values(destinationIds.map((destinationId) => ({ audienceId, destinationId })));
}

async function readOne(tx: Sql, id: string): Promise<AudienceView> {
  const [view] = await presentAudiences(tx, await selectAudiences(tx, [id]));
  if (!view) throw new AppError("not_found", "There is no such audience.");
  return view;
}

/** What the audit log keeps of an input. */
function auditDetail(name: string, input: ChangeAudienceInput): Record<string, unknown> {
  return { ...input, name };
}

/** The named audiences, by name. @throws AppError "forbidden" */
export async function listAudiences(q: Sql, ctx: Ctx): Promise<AudienceView[]> {
  requireAbility(ctx.actor, "audiences.read");
  return presentAudiences(q, await selectAudiences(q));
}

/**
 * Adds a named audience. One transaction with its audit entry.
 * @throws AppError "forbidden" | "invalid" | "conflict" when there are too many, or a place is of the other kind
 */
export async function createAudience(ctx: Ctx, given: CreateAudienceInput): Promise<AudienceView> {
  requireAbility(ctx.actor, "audiences.write");
  const { kind, ...input } = wellFormed(given) as CreateAudienceInput;
  const none: Fields = {
    name: input.name,
    kind,
    services: [],
    components: [],
    severities: [],
    emails: [],
    slackChannels: [],
    destinationIds: [],
  };
  return ctx.db.transaction(async (tx) => {
    await lockReach(tx);
    const others = await selectAudiences(tx);
    if (others.length >= AUDIENCES_MAX) throw new AppError("conflict", `There are ${AUDIENCES_MAX} audiences already.`);
    await requireFreeName(tx, input.name, null);
    const { destinationIds, ...values } = await fieldsOf(tx, none, input);
    requireApart({ ...values, destinationIds }, others);
    const now = ctx.now();
    const [row] = await tx
      .insert(audiences)
      .values({ ...values, createdAt: now, updatedAt: now })
      .returning();
    if (!row) throw new Error("an inserted audience was not returned");
    await saveLinks(tx, row.id, destinationIds);
    const detail = { kind, ...auditDetail(row.name, input) };
    await recordAudit(tx, ctx, { action: "audience.created", objectKind: "audience", objectId: row.id, detail });
    return readOne(tx, row.id);
  });
}

/**
 * Changes a named audience; what is left out stays, and who it is stays always.
 * One transaction with its audit entry. Safe to repeat.
 * @throws AppError "forbidden" | "not_found" | "invalid" | "conflict" when a place is of the other kind
 */
export async function changeAudience(ctx: Ctx, id: string, given: ChangeAudienceInput): Promise<AudienceView> {
  requireAbility(ctx.actor, "audiences.write");
  const input = wellFormed(given) as ChangeAudienceInput;
  return ctx.db.transaction(async (tx) => {
    await lockReach(tx);
    const all = await selectAudiences(tx);
    const before = all.find((row) => row.id === id);
    if (!before) throw new AppError("not_found", "There is no such audience.");
    if (input.name) await requireFreeName(tx, input.name, id);
    const held = before.destinations.map((row) => row.id);
    const fields = await fieldsOf(tx, { ...before, destinationIds: held }, input);
    const others = all.filter((row) => row.id !== id);
    requireApart(fields, others);
    const { name, services: ofServices, components, severities: chosen, emails, slackChannels } = fields;
    await tx
      .update(audiences)
      .set({
        name,
        services: ofServices,
        components,
        severities: chosen,
        emails,
        slackChannels,
        updatedAt: ctx.now(),
      })
      .where(eq(audiences.id, id));
    if (input.destinations) await saveLinks(tx, id, fields.destinationIds);
    const detail = auditDetail(name, input);
    await recordAudit(tx, ctx, { action: "audience.changed", objectKind: "audience", objectId: id, detail });
    return readOne(tx, id);
  });
}

/** Deletes a named audience; what it was told stays. One transaction with its audit entry. @throws AppError "forbidden" | "not_found" */
export async function removeAudience(ctx: Ctx, id: string): Promise<void> {
  requireAbility(ctx.actor, "audiences.write");
  await ctx.db.transaction(async (tx) => {
    await lockReach(tx);
    const [row] = await tx.delete(audiences).where(eq(audiences.id, id)).returning();
    if (!row) throw new AppError("not_found", "There is no such audience.");
    await recordAudit(tx, ctx, {
      action: "audience.removed",
      objectKind: "audience",
      objectId: id,
      detail: { name: row.name, kind: row.kind },
    });
  });
}
