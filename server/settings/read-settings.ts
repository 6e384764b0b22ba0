import { and, eq, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { incidentServices, services, settings } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import type { Core, Ctx } from "#/server/events/index.ts";
import type { Severity } from "#/server/incidents/shared/lists.ts";
import type { Config } from "#/server/platform/config.ts";
import type { RequiredRoles, Settings, SettingsView, SlackSettings, SmtpSettings } from "./contract.ts";
import { storedSettings, unseal } from "./store.ts";

/** The parts of the server that settings are read with. */
type Reader = Pick<Core, "config" | "log">;

const ORGANISATION_DEFAULT = { name: "Muster", timeZone: "UTC" };

/** Somebody leads every incident; the worse it is, the more hands have a name. */
const REQUIRED_ROLES_DEFAULT: RequiredRoles = {
  SEV1: ["commander", "operations", "communications", "scribe"],
  SEV2: ["commander", "communications"],
  SEV3: ["commander"],
  SEV4: ["commander"],
  SEV5: ["commander"],
};

type StoredSlack = { botToken: string; channel: string; signingSecret?: string };
type StoredSmtp = { url: string; mailFrom: string };

function effectiveSlack(config: Config, stored: StoredSlack | null): SlackSettings | null {
  if (config.slack) return { ...config.slack, channel: config.slack.channel ?? stored?.channel ?? null };
  return stored;
}

function effectiveSmtp(config: Config, stored: StoredSmtp | null): SmtpSettings | null {
  if (config.smtpUrl && config.mailFrom) return { url: config.smtpUrl, from: config.mailFrom, isTrusted: true };
  return stored && { url: stored.url, from: stored.mailFrom, isTrusted: false };
}

/**
 * The settings that apply now, with credentials in clear: for the server, never for an answer.
 * The environment wins over what is stored. One query; `q` may be a transaction or `db.read`.
 */
export async function readSettings(q: Sql, core: Reader): Promise<Settings> {
  const stored = await storedSettings(q);
  const organisation = {
    ...ORGANISATION_DEFAULT,
    ...(stored.get("organisation") as Partial<Settings["organisation"]> | undefined),
  };
  const page = stored.get("statusPage") as Partial<Settings["statusPage"]> | undefined;
  return {
    organisation,
    tellEmails: (stored.get("tellEmails") as string[] | undefined) ?? [],
    statusPage: { name: page?.name ?? `${organisation.name} status`, url: page?.url ?? null },
    requiredRoles: requiredRolesOf(stored.get("requiredRoles")),
    serviceOwners: (stored.get("serviceOwners") as Settings["serviceOwners"] | undefined) ?? { invite: false },
    slack: effectiveSlack(core.config, unseal<StoredSlack>(core, "slack", stored.get("slack"))),
    smtp: effectiveSmtp(core.config, unseal<StoredSmtp>(core, "smtp", stored.get("smtp"))),
  };
}

function requiredRolesOf(stored: unknown): RequiredRoles {
  return { ...REQUIRED_ROLES_DEFAULT, ...(stored as Partial<RequiredRoles> | undefined) };
}

/** Which roles have to be filled at a severity; while nobody chose one, a commander. One query. */
export async function requiredRolesAt(q: Sql): Promise<(severity: Severity | null) => readonly string[]> {
  const [row] = await q.select({ value: settings.value }).from(settings).where(eq(settings.name, "requiredRoles"));
  const roles = requiredRolesOf(row?.value);
  return (severity) => (severity ? roles[severity] : ["commander"]);
}

/** The settings as people may see them. Pure. */
export function presentSettings(current: Settings, config: Config): SettingsView {
  const { organisation, tellEmails, statusPage, requiredRoles, serviceOwners, slack, smtp } = current;
  const slackFrom = config.slack ? "environment" : "settings";
  const smtpFrom = smtp?.isTrusted ? "environment" : "settings";
  return {
    organisation,
    tellEmails,
    statusPage,
    requiredRoles,
    serviceOwners,
    slack: { configured: slack !== null, from: slack && slackFrom, channel: slack?.channel ?? null },
    smtp: { configured: smtp !== null, from: smtp && smtpFrom, mailFrom: smtp?.from ?? null },
  };
}

/** The settings for an administrator. @throws AppError "forbidden" */
export async function viewSettings(q: Sql, ctx: Ctx): Promise<SettingsView> {
  requireAbility(ctx.actor, "settings.read");
  return presentSettings(await readSettings(q, ctx), ctx.config);
}

async function hasServiceAddresses(q: Sql, incidentId: string): Promise<boolean> {
  const [found] = await q
    .select({ one: sql`1` })
    .from(services)
    .innerJoin(incidentServices, eq(incidentServices.serviceId, services.id))
    .where(and(eq(incidentServices.incidentId, incidentId), sql`cardinality(${services.tellEmails}) > 0`))
    .limit(1);
  return found !== undefined;
}

/**
 * True when a triage incident reaches somebody: a Slack channel, or mail and at least one address to tell,
 * the organisation's or, for a named incident, one of its services'.
 */
export async function hearsTriage(q: Sql, core: Reader, incidentId?: string): Promise<boolean> {
  const { slack, smtp, tellEmails } = await readSettings(q, core);
  if (slack?.channel) return true;
  if (smtp === null) return false;
  return tellEmails.length > 0 || (incidentId !== undefined && hasServiceAddresses(q, incidentId));
}
