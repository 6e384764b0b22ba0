import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { serviceAliases, serviceDependencies, services, users } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import { type Ctx, recordAudit } from "#/server/events/index.ts";
import { openTellList, readTellLines, sealTellList } from "#/server/notify/index.ts";
import { maskedTellLine, type TellTarget } from "#/server/notify/shared/tell-target.ts";
import { type FullService, readCatalogue, writeCatalogue } from "./catalogue-file.ts";
import type { CatalogueImportView } from "./contract.ts";
import { type ImportPlan, inOrder, type PlannedService, planImport } from "./plan-import.ts";
import { readParts } from "./store.ts";

type Stored = FullService & { id: string; targets: TellTarget[] };

async function readAll(q: Sql, ctx: Ctx): Promise<Stored[]> {
  const found = await q
    .select({ service: services, owner: users.email })
    .from(services)
    .leftJoin(users, and(eq(users.id, services.ownerId), isNull(users.disabledAt)));
  const parts = await readParts(
    q,
    found.map(({ service }) => service.id),
  );
  const stored = found.map(({ service, owner }) => {
    const targets = openTellList(ctx.config.authSecret, { emails: service.tellEmails, sealed: service.tellSealed });
    return {
      id: service.id,
      targets,
      tell: targets.map(maskedTellLine),
      name: service.name,
      description: service.description,
      tier: service.tier,
      team: service.team,
      owner,
      aliases: inOrder(parts.get(service.id)?.aliases ?? []),
      dependsOn: inOrder(parts.get(service.id)?.dependsOn.map(({ name }) => name) ?? []),
      links: service.links.map(({ kind, title, url }) => ({ kind, title, url })),
      runbookUrl: service.runbookUrl,
      runbook: service.runbook,
    };
  });
  const places = new Map(inOrder(stored.map(({ name }) => name)).map((name, place) => [name, place]));
  return stored.sort((a, b) => (places.get(a.name) ?? 0) - (places.get(b.name) ?? 0));
}

/** The whole catalogue as YAML: one text for the same services. @throws AppError "forbidden" */
export async function exportCatalogue(q: Sql, ctx: Ctx): Promise<string> {
  requireAbility(ctx.actor, "services.read");
  return writeCatalogue((await readAll(q, ctx)).map(({ id: _, targets: __, ...service }) => service));
}

type People = { emails: Map<string, string>; ids: Map<string, string> };

async function readPeople(q: Sql): Promise<People> {
  const found = await q.select({ id: users.id, email: users.email }).from(users).where(isNull(users.disabledAt));
  return {
    emails: new Map(found.map(({ email }) => [email.toLowerCase(), email])),
    ids: new Map(found.map(({ id, email }) => [email, id])),
  };
}

function columnsOf(ctx: Ctx, { after }: PlannedService, people: People, kept: readonly TellTarget[] = []) {
  const { aliases: _, dependsOn: __, owner, tell, ...columns } = after;
  const list = sealTellList(ctx.config.authSecret, readTellLines(tell, kept, "tell"));
  return {
    ...columns,
    tellEmails: list.emails,
    tellSealed: list.sealed,
    ownerId: owner ? (people.ids.get(owner) ?? null) : null,
  };
}

const touches = (field: string) => (planned: PlannedService) => planned.fields.some((each) => each.field === field);

/** Writes what is planned. New services first, so that others can depend on them; aliases are freed before they are given. */
async function apply(tx: Sql, ctx: Ctx, plan: ImportPlan, current: readonly Stored[], people: People): Promise<void> {
  const ids = new Map(current.map(({ id, name }) => [name.toLowerCase(), id]));
  const idOf = (name: string) => ids.get(name.toLowerCase()) ?? "";
  const fresh = plan.services.filter(({ before }) => before === null);
  if (fresh.length > 0) {
    const rows = fresh.map((planned) => ({ ...columnsOf(ctx, planned, people), createdAt: ctx.now() }));
    const made = await tx.insert(services).values(rows).returning({ id: services.id, name: services.name });
    for (const { id, name } of made) ids.set(name.toLowerCase(), id);
  }
  const kept = new Map(current.map(({ name, targets }) => [name, targets]));
  for (const planned of plan.services.filter(({ before, fields }) => before !== null && fields.length > 0)) {
    await tx
      .update(services)
      .set(columnsOf(ctx, planned, people, kept.get(planned.before?.name ?? "")))
      .where(eq(services.id, idOf(planned.after.name)));
  }
  const renamed = plan.services.filter(touches("aliases")).map(({ after }) => after);
  if (renamed.length > 0) {
    const own = renamed.map(({ name }) => idOf(name));
    await tx.delete(serviceAliases).where(inArray(serviceAliases.serviceId, own));
    const rows = renamed.flatMap(({ name, aliases }) => aliases.map((alias) => ({ serviceId: idOf(name), alias })));
    if (rows.length > 0) await tx.insert(serviceAliases).values(rows);
  }
  const linked = plan.services.filter(touches("dependsOn")).map(({ after }) => after);
  if (linked.length > 0) {
    const own = linked.map(({ name }) => idOf(name));
    await tx.delete(serviceDependencies).where(inArray(serviceDependencies.serviceId, own));
    const rows = linked.flatMap(({ name, dependsOn }) =>
      dependsOn.map((other) => ({ serviceId: idOf(name), dependsOnId: idOf(other) })),
    );
    if (rows.length > 0) await tx.insert(serviceDependencies).values(rows);
  }
}

function viewOf(plan: ImportPlan, isApplied: boolean): CatalogueImportView {
  const altered = plan.services.filter(({ fields }) => fields.length > 0);
  const created = altered.filter(({ before }) => before === null).length;
  return {
    isApplied,
    created,
    changed: altered.length - created,
    unchanged: plan.services.length - altered.length,
    changes: altered.map(({ before, after, fields }) => ({
      name: after.name,
      action: before === null ? "create" : "change",
      fields: fields.filter(({ field }) => before !== null || field !== "name"),
    })),
  };
}

/**
 * Makes the services what a catalogue file says; services and fields that it leaves out stay. With `isDryRun` it only
 * answers what would change.
 *
 * One transaction, all or nothing, with one audit entry. Safe to repeat: the second time nothing differs.
 * @throws AppError "forbidden" | "too_large" | "invalid" with the line of each mistake
 */
export async function importCatalogue(
  ctx: Ctx,
  input: { text: string; isDryRun: boolean },
): Promise<CatalogueImportView> {
  requireAbility(ctx.actor, "services.write");
  const file = readCatalogue(input.text);
  return ctx.db.transaction(async (tx) => {
    // Two imports at once take turns, so that each sees what the other made.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('services:catalogue', 0))`);
    const current = await readAll(tx, ctx);
    const people = await readPeople(tx);
    const plan = planImport(file.services, {
      current: current.map(({ id: _, targets: __, ...each }) => each),
      emails: people.emails,
    });
    if (plan.problems.length > 0) throw file.refuse(plan.problems);
    const view = viewOf(plan, !input.isDryRun);
    if (input.isDryRun || view.changes.length === 0) return view;
    await apply(tx, ctx, plan, current, people);
    await recordAudit(tx, ctx, {
      action: "service.imported",
      objectKind: "service",
      objectId: "catalogue",
      detail: {
        created: view.changes.filter(({ action }) => action === "create").map(({ name }) => name),
        changed: Object.fromEntries(
          view.changes
            .filter(({ action }) => action === "change")
            .map(({ name, fields }) => [name, fields.map(({ field }) => field)]),
        ),
      },
    });
    return view;
  });
}
