import { and, eq, inArray, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { alertRoutes, incidentServices, services, settings, timelineEntries } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import type { Core, Ctx } from "#/server/events/index.ts";
import type { Severity } from "#/server/incidents/shared/lists.ts";
import { bounceUrl, openTellList, type StoredTellList, webhookSecret } from "#/server/notify/index.ts";
import { maskedTellLine, type TellTarget } from "#/server/notify/shared/tell-target.ts";
import type { Config } from "#/server/platform/config.ts";
import type { RequiredRoles, Settings, SettingsView, SlackSettings, SmtpSettings, Telling } from "./contract.ts";
import { presentStatusPage, statusPageOf } from "./status-page-settings.ts";
import { storedSettings, unseal } from "./store.ts";
import { approvalOf, cadenceOf } from "./update-rules.ts";

/** The parts of the server that settings are read with. */
type Reader = Pick<Core, "config" | "log">;

/** Five minutes is what a person needs to find the phone; after a quarter of an hour somebody else has to hear. */
const TELLING_DEFAULT: Telling = { repeatMinutes: 5, fallbackAfterMinutes: 15 };
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

function effectiveSmtp(config: Config, stored: StoredSmtp | null, bounceAddress: string | null): SmtpSettings | null {
  if (config.smtpUrl && config.mailFrom) {
    return { url: config.smtpUrl, from: config.mailFrom, isTrusted: true, bounceAddress };
  }
  return stored && { url: stored.url, from: stored.mailFrom, isTrusted: false, bounceAddress };
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
  const bounces = (stored.get("bounces") as Settings["bounces"] | undefined) ?? { address: null };
  const emails = (stored.get("tellEmails") as string[] | undefined) ?? [];
  return {
    organisation,
    tellEmails: emails,
    tell: openTellList(core.config.authSecret, {
      emails,
      sealed: (stored.get("tellSealed") as string | undefined) ?? null,
    }),
    fallbackTell: openTellList(
      core.config.authSecret,
      (stored.get("fallbackTell") as StoredTellList | undefined) ?? { emails: [], sealed: null },
    ),
    telling: { ...TELLING_DEFAULT, ...(stored.get("telling") as Partial<Telling> | undefined) },
    approval: approvalOf(stored.get("approval")),
    cadence: cadenceOf(stored.get("cadence")),
    statusPage: statusPageOf(core, stored, organisation.name),
    requiredRoles: requiredRolesOf(stored.get("requiredRoles")),
    serviceOwners: (stored.get("serviceOwners") as Settings["serviceOwners"] | undefined) ?? { invite: false },
    slack: effectiveSlack(core.config, unseal<StoredSlack>(core, "slack", stored.get("slack"))),
    smtp: effectiveSmtp(core.config, unseal<StoredSmtp>(core, "smtp", stored.get("smtp")), bounces.address),
    bounces,
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
  const {
    organisation,
    tellEmails,
    tell,
    fallbackTell,
    telling,
    approval,
    cadence,
    statusPage,
    requiredRoles,
    serviceOwners,
    slack,
    smtp,
    bounces,
  } = current;
  const slackFrom = config.slack ? "environment" : "settings";
  const smtpFrom = smtp?.isTrusted ? "environment" : "settings";
  return {
    organisation,
    tellEmails,
    tell: tell.map(maskedTellLine),
    fallbackTell: fallbackTell.map(maskedTellLine),
    telling,
    approval,
    cadence,
    webhookSecret: webhookSecret(config.authSecret),
    statusPage: presentStatusPage(statusPage, config),
    requiredRoles,
    serviceOwners,
    slack: {
      configured: slack !== null,
      from: slack && slackFrom,
      channel: slack?.channel ?? null,
    },
    publicUrl: config.publicUrl,
    smtp: { configured: smtp !== null, from: smtp && smtpFrom, mailFrom: smtp?.from ?? null },
    bounces: { ...bounces, url: bounceUrl(config) },
  };
}

/** The settings for an administrator. @throws AppError "forbidden" */
export async function viewSettings(q: Sql, ctx: Ctx): Promise<SettingsView> {
  requireAbility(ctx.actor, "settings.read");
  return presentSettings(await readSettings(q, ctx), ctx.config);
}

/** The targets of an incident's services, and of the alert route that opened it. */
export async function tellTargetsOfIncident(
  q: Sql,
  core: Pick<Core, "config">,
  incidentId: string,
): Promise<TellTarget[]> {
  const found = await q
    .select({ emails: services.tellEmails, sealed: services.tellSealed })
    .from(services)
    .innerJoin(incidentServices, eq(incidentServices.serviceId, services.id))
    .where(eq(incidentServices.incidentId, incidentId));
  const ofRoute = await q
    .select({ emails: alertRoutes.tellEmails, sealed: alertRoutes.tellSealed })
    .from(alertRoutes)
    .innerJoin(timelineEntries, sql`${timelineEntries.data}->>'routeId' = ${alertRoutes.id}::text`)
    .where(
      and(
        eq(timelineEntries.incidentId, incidentId),
        inArray(timelineEntries.type, ["incident.triaged", "incident.declared"]),
      ),
    );
  return [...found, ...ofRoute].flatMap((stored) => openTellList(core.config.authSecret, stored));
}

/** Whether a target can be reached with what is set up now. Pure. */
export function isReachable(target: TellTarget, settings: Pick<Settings, "slack" | "smtp">): boolean {
  if (target.kind === "email") return settings.smtp !== null;
  return target.kind !== "slack" || settings.slack !== null;
}

/**
 * True when a triage incident reaches somebody: Slack's channel, or a target of the tell lists, the organisation's
 * or, for a named incident, one of its services', whose way is set up.
 */
export async function hearsTriage(q: Sql, core: Reader, incidentId?: string): Promise<boolean> {
  const settings = await readSettings(q, core);
  if (settings.slack?.channel) return true;
  const ofServices = incidentId === undefined ? [] : await tellTargetsOfIncident(q, core, incidentId);
  return [...settings.tell, ...ofServices].some((target) => isReachable(target, settings));
}
