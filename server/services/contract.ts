import { z } from "zod";
import { EMAIL_LENGTH_MAX, EMAIL_PATTERN } from "#/server/access/shared/email.ts";
import { tellListInput } from "#/server/notify/contract.ts";
import { RUNBOOK_LENGTH_MAX } from "#/server/runbooks/shared/lists.ts";

/** The name that alerts carry in a label. */
export const SERVICE_NAME_LENGTH_MAX = 100;
export const SERVICE_DESCRIPTION_LENGTH_MAX = 1_000;
/** A longer list is a mailing list's job. */
export const SERVICE_TELL_EMAILS_MAX = 50;
const URL_LENGTH_MAX = 2_000;

const email = z.string().trim().regex(EMAIL_PATTERN, "This is not an e-mail address.").max(EMAIL_LENGTH_MAX);

const fields = z.object({
  name: z.string().trim().min(1, "A name is needed.").max(SERVICE_NAME_LENGTH_MAX),
  description: z.string().trim().max(SERVICE_DESCRIPTION_LENGTH_MAX),
  /** The id of whoever answers for it. */
  ownerId: z.guid("This is not the id of a user.").nullable(),
  /** Who hears by e-mail when a triage incident opens for it. */
  tellEmails: z.array(email).max(SERVICE_TELL_EMAILS_MAX),
  /** Everybody and everything that hears, `tellEmails` among them; it replaces the whole list. */
  tell: tellListInput,
  runbookUrl: z
    .url({ protocol: /^https?$/, error: "This must be an http or https address." })
    .max(URL_LENGTH_MAX)
    .nullable(),
  /** Its runbook as Markdown; lines such as `- [ ] step` become tasks. */
  runbook: z.string().max(RUNBOOK_LENGTH_MAX),
});

export const createServiceInput = fields.partial().required({ name: true });
export type CreateServiceInput = z.infer<typeof createServiceInput>;

/** What is left out stays. */
export const changeServiceInput = fields.partial();
export type ChangeServiceInput = z.infer<typeof changeServiceInput>;

export const listServicesQuery = z.object({ q: z.string().max(200).optional() });

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
});
export type ServiceView = z.infer<typeof serviceView>;
