import { z } from "zod";
import { INVITATION_MESSAGE_LENGTH_MAX, invitationStates } from "./shared/lists.ts";

/** A person, or the people of a service: its owner, and those of its addresses that have an account. */
export const inviteInput = z
  .object({
    userId: z.string().max(100).optional(),
    serviceId: z.string().max(100).optional(),
    message: z.string().trim().max(INVITATION_MESSAGE_LENGTH_MAX).optional(),
  })
  .refine((input) => (input.userId === undefined) !== (input.serviceId === undefined), {
    message: "Name either a person (userId) or a service (serviceId).",
  });
export type InviteInput = z.infer<typeof inviteInput>;
export const declineInvitationInput = z.object({
  reason: z.string().trim().max(INVITATION_MESSAGE_LENGTH_MAX).optional(),
});

const person = z.object({ id: z.string(), name: z.string() });
export const invitationView = z.object({
  id: z.string(),
  person,
  state: z.enum(invitationStates),
  service: z.string().nullable(),
  message: z.string(),
  invitedBy: z.string(),
  invitedAt: z.string(),
  /** How often they were asked. */
  times: z.number(),
  deliveredAt: z.string().nullable(),
  /** `browser`, `slack` or `email`: the channel that took it first. */
  deliveredBy: z.string().nullable(),
  seenAt: z.string().nullable(),
  joinedAt: z.string().nullable(),
  declinedAt: z.string().nullable(),
  declineReason: z.string(),
});
export type InvitationView = z.infer<typeof invitationView>;
