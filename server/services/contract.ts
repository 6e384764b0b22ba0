import { z } from "zod";
import { EMAIL_LENGTH_MAX, EMAIL_PATTERN } from "#/server/access/shared/email.ts";
import { tellListInput } from "#/server/notify/contract.ts";
import { RUNBOOK_LENGTH_MAX } from "#/server/runbooks/shared/lists.ts";
import {
  SERVICE_ALIASES_MAX,
  SERVICE_DEPENDENCIES_MAX,
  SERVICE_DESCRIPTION_LENGTH_MAX,
  SERVICE_LINK_TITLE_LENGTH_MAX,
  SERVICE_LINKS_MAX,
  SERVICE_NAME_LENGTH_MAX,
  SERVICE_TEAM_LENGTH_MAX,
  SERVICE_URL_LENGTH_MAX,
  serviceLinkKinds,
} from "./shared/lists.ts";

/** A longer list is a mailing list's job. */
export const SERVICE_TELL_EMAILS_MAX = 50;

const email = z.string().trim().regex(EMAIL_PATTERN, "This is not an e-mail address.").max(EMAIL_LENGTH_MAX);
const webUrl = z
  .url({ protocol: /^https?$/, error: "This must be an http or https address." })
  .max(SERVICE_URL_LENGTH_MAX);
const serviceName = z.string().trim().min(1, "A name is needed.").max(SERVICE_NAME_LENGTH_MAX);
const tier = z
  .int("A tier is 1, 2, 3 or 4.")
  .min(1, "A tier is 1, 2, 3 or 4.")
  .max(4, "A tier is 1, 2, 3 or 4.")
  .nullable();

const link = z.object({
  kind: z.enum(serviceLinkKinds).default("other"),
  title: z.string().trim().max(SERVICE_LINK_TITLE_LENGTH_MAX).default(""),
  url: webUrl,
});

const fields = z.object({
  name: serviceName,
  description: z.string().trim().max(SERVICE_DESCRIPTION_LENGTH_MAX),
  /** The id of whoever answers for it. */
  ownerId: z.guid("This is not the id of a user.").nullable(),
  /** Who hears by e-mail when a triage incident opens for it. */
  tellEmails: z.array(email).max(SERVICE_TELL_EMAILS_MAX),
  /** Everybody and everything that hears, `tellEmails` among them; it replaces the whole list. */
  tell: tellListInput,
  runbookUrl: webUrl.nullable(),
  /** Its runbook as Markdown; lines such as `- [ ] step` become tasks. */
  runbook: z.string().max(RUNBOOK_LENGTH_MAX),
  /** 1 matters most. */
  tier,
  team: z.string().trim().max(SERVICE_TEAM_LENGTH_MAX),
  links: z.array(link).max(SERVICE_LINKS_MAX),
  /** Other names that alerts and changes carry for it. */
  aliases: z.array(serviceName).max(SERVICE_ALIASES_MAX),
  /** The services that it needs, by id or name. */
  dependsOn: z.array(z.string().trim().min(1).max(SERVICE_NAME_LENGTH_MAX)).max(SERVICE_DEPENDENCIES_MAX),
});

export const createServiceInput = fields.partial().required({ name: true });
export type CreateServiceInput = z.infer<typeof createServiceInput>;

/** What is left out stays. */
export const changeServiceInput = fields.partial();
export type ChangeServiceInput = z.infer<typeof changeServiceInput>;

/** One service as a catalogue file writes it. What is left out stays as it is. */
export const catalogueService = fields
  .omit({ ownerId: true, tellEmails: true })
  .partial()
  .extend({
    name: serviceName,
    /** The owner's e-mail address. */
    owner: email.nullable().optional(),
  })
  .strict();
export type CatalogueService = z.infer<typeof catalogueService>;

export const listServicesQuery = z.object({ q: z.string().max(200).optional() });

const serviceRef = z.object({ id: z.string(), name: z.string() });
export const serviceView = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  owner: z.object({ id: z.string(), name: z.string() }).nullable(),
  tellEmails: z.array(z.string()),
  /** The whole tell list; of keys only the end. */
  tell: z.array(z.string()),
  runbookUrl: z.string().nullable(),
  runbook: z.string(),
  tier: z.number().nullable(),
  team: z.string(),
  links: z.array(z.object({ kind: z.enum(serviceLinkKinds), title: z.string(), url: z.string() })),
  aliases: z.array(z.string()),
  dependsOn: z.array(serviceRef),
  dependedOnBy: z.array(serviceRef),
});
export type ServiceView = z.infer<typeof serviceView>;

export const importCatalogueQuery = z.object({
  /** `true` answers with what would change, and changes nothing. */
  dryRun: z.enum(["true", "false"]).default("false"),
});

export const catalogueChangeView = z.object({
  name: z.string(),
  action: z.enum(["create", "change"]),
  /** Each field that differs, as it is and as it will be, in words. */
  fields: z.array(z.object({ field: z.string(), from: z.string(), to: z.string() })),
});
export const catalogueImportView = z.object({
  isApplied: z.boolean(),
  created: z.number(),
  changed: z.number(),
  unchanged: z.number(),
  changes: z.array(catalogueChangeView),
});
export type CatalogueImportView = z.infer<typeof catalogueImportView>;
