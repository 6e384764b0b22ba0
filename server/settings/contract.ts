import { z } from "zod";
import { EMAIL_LENGTH_MAX, EMAIL_PATTERN } from "#/server/access/shared/email.ts";
import { type Severity, severities } from "#/server/incidents/shared/lists.ts";
import { tellListInput } from "#/server/notify/contract.ts";
import type { TellTarget } from "#/server/notify/shared/tell-target.ts";
import { ROLE_NAME_LENGTH_MAX } from "#/server/roster/shared/lists.ts";
import { CADENCE_MINUTES_MAX, type Cadence } from "#/server/updates/shared/cadence.ts";
import type { Audience } from "#/server/updates/shared/lists.ts";
import { type ApprovalRule, approvalRules } from "#/server/updates/shared/planned.ts";
import { COLOR_PATTERN } from "./shared/accent.ts";
import { type PageAccess, pageAccesses } from "./shared/lists.ts";

/** A page of addresses: a longer list is a mailing list's job. */
export const TELL_EMAILS_MAX = 50;
export const NAME_LENGTH_MAX = 100;
export const URL_LENGTH_MAX = 2_000;
/** Longer than any credential that Slack gives out. */
export const CREDENTIAL_LENGTH_MAX = 500;

/** Four roles every incident has, and as many of the team's own as it can hold beside them. */
export const REQUIRED_ROLES_MAX = 8;

const name = z.string().trim().min(1, "A name is needed.").max(NAME_LENGTH_MAX);
const webUrl = z.url({ protocol: /^https?$/, error: "This must be an http or https address." }).max(URL_LENGTH_MAX);
const email = z.string().trim().regex(EMAIL_PATTERN, "This is not an e-mail address.").max(EMAIL_LENGTH_MAX);
const credential = z.string().trim().min(1).max(CREDENTIAL_LENGTH_MAX);

/** True for a time zone of the IANA database, as `Europe/Berlin`. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    // Offsets like +02:00 are understood too, but they know no summer time.
    return /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}

const timeZone = z.string().max(100).refine(isTimeZone, "This is not a time zone of the IANA list, as Europe/Berlin.");

const organisation = z.object({ name, timeZone });
const statusPage = z.object({
  name,
  url: webUrl.nullable(),
  /** Who may read the page: everybody, who has its link, or who is signed in. */
  access: z.enum(pageAccesses),
  /** The colour of links and buttons; each theme makes of it what can be read there. */
  color: z.string().regex(COLOR_PATTERN, "This is not a colour, as #0a6aa8.").nullable(),
});
const statusPageChange = statusPage.partial().extend({
  /** Makes a new link to a page that is read by its link; the old one ends at once. */
  newLink: z.literal(true).optional(),
});

/** Slack as it is set in the interface; the API's address comes from the environment only. */
const slackInput = z.object({
  botToken: credential,
  channel: z.string().trim().min(1).max(100),
  signingSecret: credential.nullish(),
});
const smtpInput = z.object({
  url: z.url({ protocol: /^smtps?$/, error: "This must be an smtp or smtps address." }).max(URL_LENGTH_MAX),
  /** What mail says it comes from: `Muster <muster@example.com>`. */
  mailFrom: z
    .string()
    .trim()
    .regex(/^[^\r\n]*@[^\r\n]*$/, "This is not the sender of a mail, as Muster <muster@example.com>.")
    .max(EMAIL_LENGTH_MAX + NAME_LENGTH_MAX),
});

/** Where mail goes back to that cannot be delivered; null: to the sender's own address. */
const bounces = z.object({ address: email.nullable() });

/** The roles that somebody has to fill at each severity; a role's name as in the roster. */
const roleList = z
  .array(
    z
      .string()
      .trim()
      .toLowerCase()
      .regex(/^[a-z][a-z0-9-]*$/, "A role's name is made of small letters, digits and hyphens, as database-lead.")
      .max(ROLE_NAME_LENGTH_MAX),
  )
  .max(REQUIRED_ROLES_MAX);
const requiredRoles = z.object({
  SEV1: roleList,
  SEV2: roleList,
  SEV3: roleList,
  SEV4: roleList,
  SEV5: roleList,
} satisfies Record<Severity, typeof roleList>);
export type RequiredRoles = z.infer<typeof requiredRoles>;

/** Whether the owner of an affected service is asked to come as soon as somebody works on the incident. */
const serviceOwners = z.object({ invite: z.boolean() });
/** Minutes between two waves while nobody accepts; 0: people are told once, and the fallback list once. */
export const REPEAT_MINUTES_MAX = 60;
export const FALLBACK_AFTER_MINUTES_MAX = 240;
const telling = z.object({
  repeatMinutes: z.number().int().min(0).max(REPEAT_MINUTES_MAX),
  /** How long the tell list is alone with it, before the fallback list hears too. */
  fallbackAfterMinutes: z.number().int().min(1).max(FALLBACK_AFTER_MINUTES_MAX),
});
export type Telling = z.infer<typeof telling>;

/** Who has to agree at each severity before an update goes out, in public and inside. */
export type Approval = Record<Audience, Record<Severity, ApprovalRule>>;
const approvalAt = z.partialRecord(z.enum(severities), z.enum(approvalRules));
const approvalInput = z.object({ public: approvalAt, internal: approvalAt }).partial();
const minutes = z.number().int().min(0).max(CADENCE_MINUTES_MAX);
const cadenceInput = z.partialRecord(
  z.enum(severities),
  z.object({ firstMinutes: minutes, everyMinutes: minutes, longMinutes: minutes } satisfies Record<
    keyof Cadence,
    z.ZodType
  >),
);
const approvalView = z.record(z.enum(severities), z.enum(approvalRules));
const cadenceView = z.object({ firstMinutes: minutes, everyMinutes: minutes, longMinutes: minutes });

/** What is left out stays; null takes credentials away. */
export const changeSettingsInput = z
  .object({
    organisation: organisation.partial(),
    tellEmails: z.array(email).max(TELL_EMAILS_MAX),
    /** Who hears of every new triage incident, `tellEmails` among them; it replaces the whole list. */
    tell: tellListInput,
    /** Who hears when nobody of the tell list accepts. */
    fallbackTell: tellListInput,
    telling: telling.partial(),
    approval: approvalInput,
    cadence: cadenceInput,
    statusPage: statusPageChange,
    requiredRoles: requiredRoles.partial(),
    serviceOwners,
    slack: slackInput.nullable(),
    smtp: smtpInput.nullable(),
    bounces: bounces.partial(),
  })
  .partial();
export type ChangeSettingsInput = z.infer<typeof changeSettingsInput>;

/** Whether something is set, and where; the environment wins. */
export const settingSources = ["environment", "settings"] as const;

const source = { configured: z.boolean(), from: z.enum(settingSources).nullable() };

/** The settings as people see them: credentials never leave the server. */
export const settingsView = z.object({
  organisation,
  tellEmails: z.array(z.string()),
  /** The whole tell list; of keys only the end. */
  tell: z.array(z.string()),
  fallbackTell: z.array(z.string()),
  telling,
  approval: z.object({ public: approvalView, internal: approvalView }),
  cadence: z.record(z.enum(severities), cadenceView),
  /** What receivers of webhooks check their signatures with (Standard Webhooks). */
  webhookSecret: z.string(),
  /** `link`: where a page that is read by its link is read; null for any other. */
  statusPage: statusPage.extend({ link: z.string().nullable() }),
  requiredRoles,
  serviceOwners,
  slack: z.object({ ...source, channel: z.string().nullable() }),
  /** PUBLIC_URL: where others reach this server. */
  publicUrl: z.string(),
  smtp: z.object({ ...source, mailFrom: z.string().nullable() }),
  /** `url`: where a mail server hands in what came back. */
  bounces: bounces.extend({ url: z.string() }),
});
export type SettingsView = z.infer<typeof settingsView>;

/** Slack as it applies now. */
export type SlackSettings = {
  botToken: string;
  /** Null while nobody has chosen one. */
  channel: string | null;
  signingSecret?: string;
  /** Set by the environment only. */
  apiUrl?: string;
};
/** Mail as it applies now. */
export type SmtpSettings = {
  url: string;
  from: string;
  /** True for an address out of the environment; one set in the interface falls under the rules for foreign addresses. */
  isTrusted: boolean;
  bounceAddress: string | null;
};
/** The settings that apply now, with credentials in clear: for the server only. */
export type Settings = {
  organisation: { name: string; timeZone: string };
  /** Who hears when a triage incident opens. */
  tellEmails: string[];
  /** The same list with all its targets. */
  tell: TellTarget[];
  /** Who hears when nobody of the tell list accepts. */
  fallbackTell: TellTarget[];
  telling: Telling;
  approval: Approval;
  cadence: Record<Severity, Cadence>;
  statusPage: {
    name: string;
    url: string | null;
    access: PageAccess;
    color: string | null;
    /** What opens a page that is read by its link; null for any other. */
    linkKey: string | null;
  };
  requiredRoles: RequiredRoles;
  serviceOwners: { invite: boolean };
  slack: SlackSettings | null;
  smtp: SmtpSettings | null;
  bounces: { address: string | null };
};
