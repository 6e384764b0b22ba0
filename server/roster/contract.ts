import { z } from "zod";
import { ROLE_NAME_LENGTH_MAX } from "./shared/lists.ts";

/** A role of the incident: lower case, as `commander` or `database-lead`. */
export const roleName = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z][a-z0-9-]*$/)
  .max(ROLE_NAME_LENGTH_MAX);
/** Without a user the caller means itself. */
export const claimRoleInput = z.object({ userId: z.string().optional() });
export const offerRoleInput = z.object({ userId: z.string() });
export const takeOverRoleInput = z.object({ reason: z.string().trim().min(1).max(500) });
export const declineRoleInput = z.object({ reason: z.string().trim().max(500).optional() });
