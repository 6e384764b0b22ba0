import { z } from "@hono/zod-openapi";
import {
  cancelMaintenanceInput,
  changeMaintenanceInput,
  correctMaintenanceUpdateInput,
  listMaintenancesQuery,
  maintenanceOutlets,
  maintenanceSummary,
  maintenanceView,
  postMaintenanceUpdateInput,
  scheduleMaintenanceInput,
} from "#/server/maintenance/contract.ts";
import {
  cancelMaintenance,
  changeMaintenance,
  correctMaintenanceUpdate,
  listMaintenances,
  postMaintenanceUpdate,
  readMaintenance,
  readOutlets,
  retryMaintenanceDelivery,
  scheduleMaintenance,
} from "#/server/maintenance/index.ts";
import { type Api, answers, apiRoute, idParam, jsonBody, listOf, listQuery, requireUuid } from "../api.ts";

const path = "/maintenances";
const tags = ["Maintenance"];
const one = answers(200, "The maintenance", maintenanceView);
const part = (name: "updateId" | "deliveryId") => idParam.extend({ [name]: z.string().min(1).max(100) });

const listRoute = apiRoute({
  method: "get",
  path,
  tags,
  summary: "Maintenance: `upcoming`, `running` or `ended`, or all of it",
  request: { query: listQuery.extend(listMaintenancesQuery.shape) },
  responses: answers(200, "A page of maintenance", listOf(maintenanceSummary)),
});
const outletsRoute = apiRoute({
  method: "get",
  path: `${path}/outlets`,
  tags,
  summary: "Where news of a maintenance can go with what is set up",
  responses: answers(200, "The channels and the page's name", maintenanceOutlets),
});
const scheduleRoute = apiRoute({
  method: "post",
  path,
  tags,
  summary: "Schedule a maintenance and announce it",
  request: { body: jsonBody(scheduleMaintenanceInput) },
  responses: answers(201, "The maintenance", maintenanceView),
});
const readRoute = apiRoute({
  method: "get",
  path: `${path}/{id}`,
  tags,
  summary: "One maintenance with all that was said",
  request: { params: idParam },
  responses: one,
});
const changeRoute = apiRoute({
  method: "patch",
  path: `${path}/{id}`,
  tags,
  summary: "Change a maintenance; another window is told to people",
  request: { params: idParam, body: jsonBody(changeMaintenanceInput) },
  responses: one,
});
const postRoute = apiRoute({
  method: "post",
  path: `${path}/{id}/updates`,
  tags,
  summary: "Say something, and go to another stage when a status is given",
  request: { params: idParam, body: jsonBody(postMaintenanceUpdateInput) },
  responses: answers(201, "The maintenance", maintenanceView),
});
const correctRoute = apiRoute({
  method: "patch",
  path: `${path}/{id}/updates/{updateId}`,
  tags,
  summary: "Correct what was said",
  request: { params: part("updateId"), body: jsonBody(correctMaintenanceUpdateInput) },
  responses: one,
});
const cancelRoute = apiRoute({
  method: "post",
  path: `${path}/{id}/cancel`,
  tags,
  summary: "Call a maintenance off",
  request: { params: idParam, body: jsonBody(cancelMaintenanceInput) },
  responses: one,
});
const retryRoute = apiRoute({
  method: "post",
  path: `${path}/{id}/deliveries/{deliveryId}/retry`,
  tags,
  summary: "Send a message again that did not arrive",
  request: { params: part("deliveryId") },
  responses: one,
});

const idOf = (id: string) => requireUuid(id, "maintenance");

/** `/api/v1/maintenances`. */
export function registerMaintenanceRoutes(api: Api): void {
  api.openapi(listRoute, async (c) => c.json(await listMaintenances(c.var.ctx, c.req.valid("query")), 200));
  api.openapi(outletsRoute, async (c) => c.json(await readOutlets(c.var.ctx), 200));
  api.openapi(scheduleRoute, async (c) => c.json(await scheduleMaintenance(c.var.ctx, c.req.valid("json")), 201));
  api.openapi(readRoute, async (c) => {
    const { ctx } = c.var;
    return c.json(await readMaintenance(ctx.db.read, ctx, idOf(c.req.valid("param").id)), 200);
  });
  api.openapi(changeRoute, async (c) => {
    return c.json(await changeMaintenance(c.var.ctx, idOf(c.req.valid("param").id), c.req.valid("json")), 200);
  });
  api.openapi(postRoute, async (c) => {
    return c.json(await postMaintenanceUpdate(c.var.ctx, idOf(c.req.valid("param").id), c.req.valid("json")), 201);
  });
  api.openapi(correctRoute, async (c) => {
    const { id, updateId = "" } = c.req.valid("param") as { id: string; updateId?: string };
    const { body } = c.req.valid("json");
    return c.json(await correctMaintenanceUpdate(c.var.ctx, idOf(id), requireUuid(updateId, "update"), body), 200);
  });
  api.openapi(cancelRoute, async (c) => {
    return c.json(await cancelMaintenance(c.var.ctx, idOf(c.req.valid("param").id), c.req.valid("json")), 200);
  });
  api.openapi(retryRoute, async (c) => {
    const { id, deliveryId = "" } = c.req.valid("param") as { id: string; deliveryId?: string };
    return c.json(await retryMaintenanceDelivery(c.var.ctx, idOf(id), requireUuid(deliveryId, "delivery")), 200);
  });
}
