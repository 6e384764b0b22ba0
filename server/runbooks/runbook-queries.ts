import { and, asc, desc, eq, isNotNull, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { alerts, incidentServices, incidents, services, tasks } from "#/db/schema/index.ts";
import { sha256 } from "#/server/platform/crypto.ts";
import { AppError } from "#/server/platform/errors.ts";
import { checklistOf } from "./checklist.ts";
import type { RunbookView } from "./contract.ts";
import { RUNBOOKS_MAX } from "./shared/lists.ts";

/** A runbook with its text, empty for one that is kept elsewhere. */
export type Runbook = Pick<RunbookView, "id" | "title" | "from" | "url"> & { text: string };
type Link = { kind: string; title: string; url: string };

/** Alerts whose links are looked at; a storm repeats the same few. */
const ALERTS_MAX = 500;

const isWeb = (url: string) => /^https?:\/\//i.test(url);

function linked(from: Runbook["from"], links: readonly Link[]): Runbook[] {
  return links
    .filter((link) => link.kind === "runbook" && isWeb(link.url))
    .map(({ title, url }) => ({
      id: `link-${sha256(url).slice(0, 16)}`,
      title: title || "Runbook",
      from,
      url,
      text: "",
    }));
}

async function servicesOf(q: Sql, incidentId: string): Promise<Runbook[]> {
  const found = await q
    .select({ id: services.id, name: services.name, url: services.runbookUrl, text: services.runbook })
    .from(incidentServices)
    .innerJoin(services, eq(services.id, incidentServices.serviceId))
    .where(eq(incidentServices.incidentId, incidentId))
    .orderBy(asc(services.name));
  return found
    .filter(({ url, text }) => url || text)
    .map(({ id, name, url, text }) => ({ id, title: name, from: { kind: "service" as const, name }, url, text }));
}

/** Of the incident's alerts and those of the incidents merged into it, the last seen first. */
async function alertsOf(q: Sql, incidentId: string): Promise<Runbook[]> {
  const family = sql`(with recursive family as (
      select ${incidentId}::uuid as id
      union all
      select i.id from incidents i join family on i.merged_into_id = family.id) select id from family)`;
  const found = await q
    .select({ title: alerts.title, labels: alerts.labels, links: alerts.links })
    .from(alerts)
    .where(sql`${alerts.incidentId} in ${family}`)
    .orderBy(desc(alerts.lastAt), desc(alerts.id))
    .limit(ALERTS_MAX);
  return found.flatMap(({ title, labels, links }) => {
    const name = labels.alertname ?? title;
    return linked({ kind: "alert", name }, links).map((runbook) => ({ ...runbook, title: name }));
  });
}

/**
 * The runbooks of an incident's services, of its own links and of its alerts, each address once.
 * For callers that have checked that the incident may be seen.
 */
export async function runbooksOf(q: Sql, incidentId: string): Promise<Runbook[]> {
  const [incident] = await q.select({ links: incidents.links }).from(incidents).where(eq(incidents.id, incidentId));
  const own = linked({ kind: "incident", name: "" }, incident?.links ?? []);
  const all = [...(await servicesOf(q, incidentId)), ...own, ...(await alertsOf(q, incidentId))];
  const seen = new Set<string>();
  const isNew = ({ url, text }: Runbook) => {
    if (url && seen.has(url) && !text) return false;
    if (url) seen.add(url);
    return true;
  };
  return all.filter(isNew).slice(0, RUNBOOKS_MAX);
}

/** One of them. @throws AppError "not_found" */
export async function runbookOf(q: Sql, incidentId: string, runbookId: string): Promise<Runbook> {
  const found = (await runbooksOf(q, incidentId)).find((runbook) => runbook.id === runbookId);
  if (!found) throw new AppError("not_found", "There is no such runbook in this incident.");
  return found;
}

/** Runbooks as the room lists them, with how much of each checklist is tasks. */
export async function presentRunbooks(q: Sql, incidentId: string, list: readonly Runbook[]): Promise<RunbookView[]> {
  const made = await q
    .select({ runbookId: tasks.runbookId, step: tasks.runbookStep })
    .from(tasks)
    .where(and(eq(tasks.incidentId, incidentId), isNotNull(tasks.runbookId)));
  return list.map(({ text, ...runbook }) => {
    const { steps } = checklistOf(text);
    const known = new Set(made.filter(({ runbookId }) => runbookId === runbook.id).map(({ step }) => step));
    const stepsMade = steps.filter((step) => known.has(step)).length;
    return { ...runbook, hasText: text !== "", steps: steps.length, stepsMade };
  });
}
