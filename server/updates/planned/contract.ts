import { z } from "zod";
import { incidentStatuses, REASON_LENGTH_MAX } from "#/server/incidents/shared/lists.ts";
import { correctUpdateInput, publishUpdateInput } from "../contract.ts";
import { paces } from "../shared/cadence.ts";
import { audiences } from "../shared/lists.ts";
import { approvalRules, plannedKinds, plannedStates } from "../shared/planned.ts";

const correction = correctUpdateInput.extend({ updateId: z.string().min(1).max(100) });
const publishAt = z.iso.datetime({ offset: true });
const version = z.number().int().min(1);
const reason = z.string().trim().min(1, "A reason is needed.").max(REASON_LENGTH_MAX);

const either = "Give either an update or a correction.";

/** An update or a correction that waits for its time, for approval, or for both; without either it goes out at once. */
export const planUpdateInput = z
  .object({
    update: publishUpdateInput.optional(),
    correction: correction.optional(),
    /** Left out: as soon as it may. */
    publishAt: publishAt.nullish(),
  })
  .refine((input) => (input.update === undefined) !== (input.correction === undefined), { error: either });
export type PlanUpdateInput = z.input<typeof planUpdateInput>;

/** What is left out stays; a new text asks anew. */
export const changePlannedInput = z.object({
  update: publishUpdateInput.optional(),
  correction: correctUpdateInput.optional(),
  publishAt: publishAt.nullish(),
  /** The version that was changed; left out: whichever stands. */
  version: version.optional(),
});
export type ChangePlannedInput = z.input<typeof changePlannedInput>;

/** The version that was read: a newer text is not approved unseen. */
export const approvePlannedInput = z.object({ version });
export const declinePlannedInput = z.object({ reason });
export const bypassApprovalInput = z.object({ version, reason });

/** One thing that goes out with the text: words of a channel's own, the title, what becomes of components. */
const plannedDetail = z.object({ label: z.string(), text: z.string() });
export type PlannedDetail = z.infer<typeof plannedDetail>;

const person = z.object({ id: z.string().nullable(), name: z.string() });

export const plannedUpdateView = z.object({
  id: z.string(),
  incidentId: z.string(),
  kind: z.enum(plannedKinds),
  audience: z.enum(audiences),
  state: z.enum(plannedStates),
  version: z.number(),
  /** Set for an update: what will be published. */
  update: publishUpdateInput.nullable(),
  /** Set for a correction: which update, and its new texts. */
  correction: correction.required({ notify: true }).nullable(),
  /** Its text, whichever it is. */
  body: z.string(),
  /** What else would go out or change with it as things stand, in words, for whoever approves it; empty once it is over. */
  details: z.array(plannedDetail),
  /** The text that was asked for before the last change. */
  bodyBefore: z.string().nullable(),
  /** The text that is out: the last update to the same audience, or the one to correct. */
  bodyOut: z.string().nullable(),
  /** Who has to agree, by the incident's severity now. */
  rule: z.enum(approvalRules),
  publishAt: z.string().nullable(),
  askedBy: person,
  askedAt: z.string(),
  /** From then on it may go out without approval, by name and with a reason. */
  bypassFrom: z.string(),
  /** Who approved it, or took it upon them. */
  approvedBy: person.nullable(),
  approvedAt: z.string().nullable(),
  isBypassed: z.boolean(),
  /** Why it was declined, refused, or went out without approval. */
  reason: z.string(),
  endedBy: z.string().nullable(),
  endedAt: z.string().nullable(),
  /** The incident's status when it was asked for. */
  incidentStatus: z.enum(incidentStatuses),
  /** Why it would not go out as things stand; null when it would. */
  hindrance: z.string().nullable(),
  publishedId: z.string().nullable(),
});
export type PlannedUpdateView = z.infer<typeof plannedUpdateView>;

const rule = z.enum(approvalRules);
/** How updates of an incident are made at its severity now. */
export const updateRulesView = z.object({
  /** Who has to agree before one goes out. */
  approval: z.object({ public: rule, internal: rule }),
  /** The pace of the clock that says when the next one is due. */
  pace: z.enum(paces),
  /** Minutes from one to the next by each pace; 0: nothing is due. */
  everyMinutes: z.number(),
  longMinutes: z.number(),
});
export type UpdateRulesView = z.infer<typeof updateRulesView>;
