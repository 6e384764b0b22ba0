import { setTimeout as pause } from "node:timers/promises";
import type { Context, Hono } from "hono";
import { type AlertIdentifier, alertOf, intakeOfIntegration, searchAlertsOf } from "#/server/alerts/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import type { ApiEnv } from "../api.ts";
import { type Ingest, withSlash } from "./ingest.ts";
import { answerData, opsgenieAlert, opsgenieIntegration } from "./opsgenie-answers.ts";
import { searchOf } from "./opsgenie-query.ts";

type C = Context<ApiEnv>;
/** A client that asks at once how its request went gets the end of it, if it comes this soon. */
const PROCESSED_WAIT_MS = 2_000;
const PROCESSED_STEP_MS = 50;

/** Which alert a path names: by its id unless `?identifierType=` says otherwise. */
export function identifierOf(c: C): AlertIdentifier {
  const type = c.req.query("identifierType")?.toLowerCase();
  return { value: c.req.param("id") ?? "", kind: type === "alias" || type === "tiny" ? type : "id" };
}

/** What Opsgenie's clients ask: how a request went, one alert, a search. Below each of `bases`. */
export function registerReadRoutes(routes: Hono<ApiEnv>, ingest: Ingest, bases: readonly string[]): void {
  const { core } = ingest;

  async function requestStatus(c: C) {
    const startMs = performance.now();
    const integration = await opsgenieIntegration(ingest, c);
    const id = c.req.param("requestId") ?? "";
    let intake = await intakeOfIntegration(core.db.read, integration.id, id);
    while (intake?.state === "stored" && performance.now() - startMs < PROCESSED_WAIT_MS) {
      await pause(PROCESSED_STEP_MS);
      intake = await intakeOfIntegration(core.db.read, integration.id, id);
    }
    if (!intake) throw new AppError("not_found", "Request not found. It might not be processed, yet.");
    const alertId = intake.alerts.find((alert) => alert.id)?.id ?? "";
    const alert = alertId ? await alertOf(core.db.read, integration.id, { kind: "id", value: alertId }) : undefined;
    const isDone = intake.state === "processed" && alertId !== "";
    const action = intake.route.action ?? "create";
    return answerData(c, startMs, {
      success: isDone,
      isSuccess: isDone,
      action: action[0]?.toUpperCase() + action.slice(1),
      processedAt: intake.processedAt?.toISOString() ?? null,
      integrationId: integration.id,
      status: isDone ? `Done: ${action}` : (intake.error ?? (intake.processedAt ? "Alert does not exist" : "Waiting")),
      alertId,
      alias: alert?.dedupKey ?? intake.route.alias ?? "",
    });
  }

  async function list(c: C) {
    const startMs = performance.now();
    const integration = await opsgenieIntegration(ingest, c);
    const search = searchOf(c.req.query());
    const found = await searchAlertsOf(core.db.read, integration.id, search);
    const data = found.map((alert) => opsgenieAlert(alert, integration));
    return answerData(c, startMs, data, { paging: { first: c.req.url, last: c.req.url } });
  }

  async function one(c: C) {
    const startMs = performance.now();
    const integration = await opsgenieIntegration(ingest, c);
    const alert = await alertOf(core.db.read, integration.id, identifierOf(c));
    if (!alert) throw new AppError("not_found", "Alert does not exist.");
    return answerData(c, startMs, opsgenieAlert(alert, integration));
  }

  for (const base of bases) {
    routes.on("GET", withSlash(base), list);
    routes.on("GET", withSlash(`${base}/requests/:requestId`), requestStatus);
    routes.on("GET", withSlash(`${base}/:id`), one);
  }
}
