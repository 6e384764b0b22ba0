import { z } from "@hono/zod-openapi";
import {
  alertFacetsView,
  alertView,
  attachAlertInput,
  intakeView,
  listAlertsQuery,
  placeAlertInput,
} from "#/server/alerts/contract.ts";
import {
  acknowledgeAlert,
  attachAlert,
  countAlertFacets,
  detachAlert,
  getAlert,
  intakesOfAlert,
  listAlerts,
  listAlertsOfIncident,
  placeByHand,
  resolveAlert,
} from "#/server/alerts/index.ts";
import { type Api, answers, apiRoute, gone, idParam, jsonBody, listOf, listQuery, requireUuid } from "../api.ts";
import { incidentOf } from "./incidents.ts";

const tags = ["Alerts"];
const one = answers(200, "The alert", alertView);
const attachedParam = idParam.extend({ alertId: z.string().max(100) });

const listRoute = apiRoute({
  method: "get",
  path: "/alerts",
  tags,
  summary: "List alerts, last seen first",
  request: { query: listQuery.extend(listAlertsQuery.shape) },
  responses: answers(200, "A page of alerts", listOf(alertView)),
});
const facetsRoute = apiRoute({
  method: "get",
  path: "/alerts/facets",
  tags,
  summary: "How many alerts have which status, severity, service, source, integration, route and team",
  request: { query: listAlertsQuery },
  responses: answers(200, "The counts", alertFacetsView),
});
const deliveriesRoute = apiRoute({
  method: "get",
  path: "/alerts/{id}/deliveries",
  tags,
  summary: "The last deliveries that an alert came by",
  request: { params: idParam },
  responses: answers(200, "The deliveries", listOf(intakeView)),
});
const getRoute = apiRoute({
  method: "get",
  path: "/alerts/{id}",
  tags,
  summary: "Read an alert and why it is where it is",
  request: { params: idParam },
  responses: one,
});
const acknowledgeRoute = apiRoute({
  method: "post",
  path: "/alerts/{id}/ack",
  tags,
  summary: "Acknowledge a firing alert",
  request: { params: idParam },
  responses: one,
});
const resolveRoute = apiRoute({
  method: "post",
  path: "/alerts/{id}/resolve",
  tags,
  summary: "Resolve an alert by hand",
  request: { params: idParam },
  responses: one,
});
const placeRoute = apiRoute({
  method: "post",
  path: "/alerts/{id}/place",
  tags,
  summary: "Choose where a held, waiting or quiet alert goes: `reopen`, `new`, or an open incident",
  request: { params: idParam, body: jsonBody(placeAlertInput) },
  responses: one,
});
const ofIncidentRoute = apiRoute({
  method: "get",
  path: "/incidents/{id}/alerts",
  tags,
  summary: "The alerts of an incident",
  request: { params: idParam },
  responses: answers(200, "Its alerts", listOf(alertView)),
});
const attachRoute = apiRoute({
  method: "post",
  path: "/incidents/{id}/alerts",
  tags,
  summary: "Attach an alert",
  request: { params: idParam, body: jsonBody(attachAlertInput) },
  responses: answers(201, "The alert", alertView),
});
const detachRoute = apiRoute({
  method: "delete",
  path: "/incidents/{id}/alerts/{alertId}",
  tags,
  summary: "Detach an alert",
  request: { params: attachedParam },
  responses: gone,
});

/** Alerts, alone and within an incident. */
export function registerAlertRoutes(api: Api): void {
  api.openapi(listRoute, async (c) =>
    c.json(await listAlerts(c.var.ctx.db.read, c.var.ctx, c.req.valid("query")), 200),
  );
  api.openapi(facetsRoute, async (c) =>
    c.json(await countAlertFacets(c.var.ctx.db.read, c.var.ctx, c.req.valid("query")), 200),
  );
  api.openapi(deliveriesRoute, async (c) => {
    const id = requireUuid(c.req.valid("param").id, "alert");
    return c.json({ items: await intakesOfAlert(c.var.ctx.db.read, c.var.ctx, id), nextCursor: null }, 200);
  });
  api.openapi(getRoute, async (c) => {
    const id = requireUuid(c.req.valid("param").id, "alert");
    return c.json(await getAlert(c.var.ctx.db.read, c.var.ctx, id), 200);
  });
  api.openapi(acknowledgeRoute, async (c) => {
    const id = requireUuid(c.req.valid("param").id, "alert");
    await acknowledgeAlert(c.var.ctx, id);
    return c.json(await getAlert(c.var.ctx.db.read, c.var.ctx, id), 200);
  });
  api.openapi(resolveRoute, async (c) => {
    const id = requireUuid(c.req.valid("param").id, "alert");
    await resolveAlert(c.var.ctx, id);
    return c.json(await getAlert(c.var.ctx.db.read, c.var.ctx, id), 200);
  });
  api.openapi(placeRoute, async (c) => {
    const alertId = requireUuid(c.req.valid("param").id, "alert");
    await placeByHand(c.var.ctx, { alertId, into: c.req.valid("json").into });
    return c.json(await getAlert(c.var.ctx.db.read, c.var.ctx, alertId), 200);
  });
  api.openapi(ofIncidentRoute, async (c) => {
    const row = await incidentOf(c.var.ctx, c.req.valid("param").id);
    return c.json({ items: await listAlertsOfIncident(c.var.ctx.db.read, row.id), nextCursor: null }, 200);
  });
  api.openapi(attachRoute, async (c) => {
    const alertId = requireUuid(c.req.valid("json").alertId, "alert");
    await attachAlert(c.var.ctx, { incident: c.req.valid("param").id, alertId });
    return c.json(await getAlert(c.var.ctx.db.read, c.var.ctx, alertId), 201);
  });
  api.openapi(detachRoute, async (c) => {
    const { id, alertId } = c.req.valid("param");
    await detachAlert(c.var.ctx, { incident: id, alertId: requireUuid(alertId, "alert") });
    return c.body(null, 204);
  });
}
