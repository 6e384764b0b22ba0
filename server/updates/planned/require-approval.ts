import type { Sql } from "#/db/client.ts";
import { userIdOf } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import type { IncidentRow } from "#/server/incidents/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { updateRulesAt } from "#/server/settings/index.ts";
import type { Audience } from "../shared/lists.ts";
import { needsNobodyElse } from "../shared/planned.ts";
import { neededText } from "./rules.ts";
import { commanderOf } from "./store.ts";

/** Who has to agree before this actor's words go out, in words; null when nobody has to. */
export async function neededApproval(
  q: Sql,
  ctx: Pick<Ctx, "actor">,
  incident: IncidentRow,
  audience: Audience,
): Promise<string | null> {
  const rule = (await updateRulesAt(q, incident)).approvalFor(audience);
  if (rule === "none") return null;
  const commander = await commanderOf(q, incident.id);
  if (needsNobodyElse(rule, userIdOf(ctx.actor), commander?.id ?? null)) return null;
  return neededText(rule, incident.severity ?? incident.suggestedSeverity);
}

/** @throws AppError "conflict", which says what to do, when somebody else has to agree before this actor's words go out */
export async function requireNoApproval(
  tx: Sql,
  ctx: Ctx,
  incident: IncidentRow,
  audience: Audience,
  whatToDo = `Ask for approval in the composer, or by POST /api/v1/incidents/${incident.reference}/planned-updates.`,
): Promise<void> {
  const needed = await neededApproval(tx, ctx, incident, audience);
  if (needed !== null) throw new AppError("conflict", `${needed}: nothing was published. ${whatToDo}`);
}
