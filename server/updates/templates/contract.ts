import { z } from "zod";
import { severities } from "#/server/incidents/shared/lists.ts";
import { unknownFields } from "../shared/fill-template.ts";
import { TEMPLATE_NAME_LENGTH_MAX, TEMPLATES_MAX, UPDATE_BODY_LENGTH_MAX, updateStatuses } from "../shared/lists.ts";

const body = z
  .string()
  .trim()
  .min(1, "A template needs a text.")
  .max(UPDATE_BODY_LENGTH_MAX)
  .superRefine((text, ctx) => {
    const [unknown] = unknownFields(text);
    if (unknown) ctx.addIssue({ code: "custom", message: `There is no field {{${unknown}}}.` });
  });

export const createTemplateInput = z.object({
  name: z.string().trim().min(1, "A name is needed.").max(TEMPLATE_NAME_LENGTH_MAX),
  body,
  /** Empty: for any. */
  severities: z.array(z.enum(severities)).max(severities.length).default([]),
  /** Empty: for any. */
  statuses: z.array(z.enum(updateStatuses)).max(updateStatuses.length).default([]),
  /** Offered as the first word of an incident that it fits. */
  isHolding: z.boolean().default(false),
});
export type CreateTemplateInput = z.input<typeof createTemplateInput>;

export const changeTemplateInput = z
  .object({
    name: createTemplateInput.shape.name,
    body,
    severities: z.array(z.enum(severities)).max(severities.length),
    statuses: z.array(z.enum(updateStatuses)).max(updateStatuses.length),
    isHolding: z.boolean(),
    /** Its place in the list, from 1. */
    position: z.number().int().min(1).max(TEMPLATES_MAX),
  })
  .partial();
export type ChangeTemplateInput = z.infer<typeof changeTemplateInput>;

export const templateView = z.object({
  id: z.string(),
  name: z.string(),
  body: z.string(),
  severities: z.array(z.enum(severities)),
  statuses: z.array(z.enum(updateStatuses)),
  isHolding: z.boolean(),
  position: z.number(),
  /** As it came with Muster: nobody has changed any template yet. */
  isShipped: z.boolean(),
});
export type TemplateView = z.infer<typeof templateView>;
