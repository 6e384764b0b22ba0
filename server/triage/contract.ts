import { z } from "zod";
import { incidentStatuses, severities } from "#/server/incidents/shared/lists.ts";
import { deliveryStates, outboundChannels } from "#/server/updates/shared/lists.ts";

export const toldView = z.object({
  /** How often people were told; 0 is the opening. Null while nobody was. */
  wave: z.number().nullable(),
  /** When they are told again; null when they are not. */
  nextAt: z.string().nullable(),
  /** Unresolved alerts whose integration can tell their source that they are over. */
  endable: z.number(),
  deliveries: z.array(
    z.object({
      id: z.string(),
      /** `triage`: that it waits; `decision`: what became of it; `source`: told to the sender of an alert; `card`, `word`: what keeps Slack up to date, when it failed. */
      kind: z.string(),
      channel: z.enum(outboundChannels),
      /** Addresses are masked for viewers, keys for everybody. */
      destination: z.string(),
      state: z.enum(deliveryStates),
      attempts: z.number(),
      lastError: z.string().nullable(),
      at: z.string(),
    }),
  ),
});
export type ToldView = z.infer<typeof toldView>;

export const suggestionView = z.object({
  incident: z.object({
    id: z.string(),
    reference: z.string(),
    title: z.string(),
    status: z.enum(incidentStatuses),
    severity: z.enum(severities).nullable(),
    declaredAt: z.string(),
  }),
  /** 0 to 100. */
  score: z.number(),
  /** Why, the strongest first, in words for people. */
  reasons: z.array(z.string()),
});
export type SuggestionView = z.infer<typeof suggestionView>;
