import { z } from "zod";
import { conditionInput } from "../routing/contract.ts";
import { MUTE_SERVICES_MAX } from "../shared/lists.ts";

const instant = z.iso.datetime({ offset: true, error: "This must be a time as 2026-11-21T10:00:00Z." });
const reason = z.string().trim().min(1, "A reason is needed.").max(500);

export const createMuteInput = z
  .object({
    /** CEL over the alert; without it every alert of the services. */
    condition: conditionInput.nullish(),
    /** Ids or names; without them the condition alone decides. */
    services: z.array(z.string().trim().min(1).max(100)).max(MUTE_SERVICES_MAX).default([]),
    /** Without it: now. */
    from: instant.optional(),
    until: instant,
    reason,
  })
  .refine((input) => input.condition || input.services.length > 0, {
    message: "Give a condition, services, or both.",
    path: ["condition"],
  });
export type CreateMuteInput = z.infer<typeof createMuteInput>;

/** `ended` ends it now. */
export const changeMuteInput = z.object({ until: instant, reason, ended: z.literal(true) }).partial();
export type ChangeMuteInput = z.infer<typeof changeMuteInput>;

export const listMutesQuery = z.object({ state: z.enum(["planned", "active", "ended"]).optional() });

export const alertMuteView = z.object({
  id: z.string(),
  state: z.enum(["planned", "active", "ended"]),
  condition: z.string().nullable(),
  services: z.array(z.object({ id: z.string(), name: z.string() })),
  from: z.string(),
  until: z.string(),
  reason: z.string(),
  by: z.string(),
  /** Alerts that it keeps quiet now. */
  suppressed: z.number(),
});
export type AlertMuteView = z.infer<typeof alertMuteView>;

/** A silence that a sender set by Alertmanager's API: it keeps quiet what its own integration reports. */
export const silenceView = z.object({
  id: z.string(),
  state: z.enum(["planned", "active"]),
  integration: z.object({ id: z.string(), name: z.string() }),
  /** As Alertmanager writes them: `service="checkout"`. */
  matchers: z.array(z.string()),
  from: z.string(),
  until: z.string(),
  reason: z.string(),
  by: z.string(),
  /** Alerts that it keeps quiet now. */
  suppressed: z.number(),
});
export type SilenceView = z.infer<typeof silenceView>;
