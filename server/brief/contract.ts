import { z } from "zod";

const named = z.object({ role: z.string(), holder: z.string() });

/** What somebody reads before they take a role, or when they come late. */
export const briefView = z.object({
  reference: z.string(),
  title: z.string(),
  severity: z.string().nullable(),
  status: z.string(),
  declaredAt: z.string(),
  summary: z.string(),
  impact: z.string(),
  theory: z.string(),
  services: z.array(z.string()),
  alertsFiring: z.number(),
  roles: z.array(named),
  /** Roles that the severity asks for and nobody holds. */
  missingRoles: z.array(z.string()),
  here: z.array(z.string()),
  /** The last ones, newest first. */
  updates: z.array(
    z.object({ at: z.string(), by: z.string(), status: z.string(), audience: z.string(), body: z.string() }),
  ),
  nextUpdateDueAt: z.string().nullable(),
  /** The open ones, those whose time is over first. */
  tasks: z.array(
    z.object({ title: z.string(), owner: z.string().nullable(), dueAt: z.string().nullable(), isOverdue: z.boolean() }),
  ),
  /** What happened last, newest first, in sentences. */
  events: z.array(z.object({ at: z.string(), text: z.string() })),
  /** The same as a text for people. */
  markdown: z.string(),
});
export type BriefView = z.infer<typeof briefView>;
