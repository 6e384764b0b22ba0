import { requireAbility, userIdOf } from "#/server/access/index.ts";
import { type Ctx, recordEvent } from "#/server/events/index.ts";
import { accessTo, lockIncident } from "#/server/incidents/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { updateRulesAt } from "#/server/settings/index.ts";
import type { UpdateRulesView } from "../planned/contract.ts";
import { readUpdateRules } from "../planned/planned-queries.ts";
import { commanderOf } from "../planned/store.ts";
import { isClocked, longPaceFrom, type Pace } from "../shared/cadence.ts";
import { findClock, saveClock, wind } from "./store.ts";

/**
 * Slows the clock of a long incident down, or brings it back: the commander's decision, and not in the first two hours.
 * A time that was promised stays.
 *
 * One transaction, safe to repeat. @throws AppError "not_found" | "forbidden" | "conflict"
 */
export async function changePace(ctx: Ctx, key: string, pace: Pace): Promise<UpdateRulesView> {
  return ctx.db.transaction(async (tx) => {
    const incident = await lockIncident(tx, ctx, key);
    requireAbility(ctx.actor, "updates.publish", await accessTo(tx, ctx, incident));
    const commander = await commanderOf(tx, incident.id);
    if (!commander || commander.id !== userIdOf(ctx.actor)) {
      throw new AppError(
        "conflict",
        `Only the commander${commander ? `, ${commander.name},` : ""} decides how often people hear.`,
      );
    }
    const clock = await findClock(tx, incident.id);
    const { cadence } = await updateRulesAt(tx, incident);
    if (!clock || !isClocked(incident) || cadence.everyMinutes === 0) {
      throw new AppError("conflict", "No clock runs for this incident.");
    }
    if (clock.pace === pace) return readUpdateRules(tx, incident);
    const from = longPaceFrom((incident.acceptedAt ?? incident.declaredAt).toISOString());
    if (pace === "long" && ctx.now().getTime() < from) {
      const at = `${new Date(from).toISOString().slice(11, 16)} UTC`;
      throw new AppError("conflict", `Whether an incident is a long one shows after two hours: at ${at}.`);
    }
    await wind(tx, ctx, incident, await saveClock(tx, ctx, incident.id, { pace }));
    const minutes = pace === "long" ? cadence.longMinutes : cadence.everyMinutes;
    await recordEvent(tx, ctx, {
      incidentId: incident.id,
      type: "update.pace_changed",
      data: { pace, minutes },
      parts: ["incident", "updates"],
    });
    return readUpdateRules(tx, incident);
  });
}
