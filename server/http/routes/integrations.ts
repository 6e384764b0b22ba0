import { z } from "@hono/zod-openapi";
import {
  changeIntegrationInput,
  createIntegrationInput,
  intakeView,
  integrationView,
  sourceView,
} from "#/server/alerts/contract.ts";
import {
  changeIntegration,
  createIntegration,
  getIntake,
  listIntakes,
  listIntegrations,
  listSources,
  removeIntegration,
  rotateIntegrationKey,
} from "#/server/alerts/index.ts";
import { type Api, answers, apiRoute, gone, idParam, jsonBody, listOf, listQuery, requireUuid } from "../api.ts";

const tags = ["Integrations"];
const one = answers(200, "The integration", integrationView);

const listRoute = apiRoute({
  method: "get",
  path: "/integrations",
  tags,
  summary: "List integrations",
  responses: answers(200, "All integrations", listOf(integrationView)),
});
const sourcesRoute = apiRoute({
  method: "get",
  path: "/sources",
  tags,
  summary: "Every kind of sender that can be connected, with its set-up",
  responses: answers(200, "All sources", listOf(sourceView)),
});
const createRoute = apiRoute({
  method: "post",
  path: "/integrations",
  tags,
  summary: "Add an integration; its key is in the URL for the sender",
  request: { body: jsonBody(createIntegrationInput) },
  responses: answers(201, "The integration", integrationView),
});
const changeRoute = apiRoute({
  method: "patch",
  path: "/integrations/{id}",
  tags,
  summary: "Rename, switch or re-assign an integration",
  request: { params: idParam, body: jsonBody(changeIntegrationInput) },
  responses: one,
});
const rotateRoute = apiRoute({
  method: "post",
  path: "/integrations/{id}/rotate",
  tags,
  summary: "Give it a new key; the old URL ends at once",
  request: { params: idParam },
  responses: one,
});
const removeRoute = apiRoute({
  method: "delete",
  path: "/integrations/{id}",
  tags,
  summary: "Take an integration out of use",
  request: { params: idParam },
  responses: gone,
});
const deliveriesRoute = apiRoute({
  method: "get",
  path: "/deliveries",
  tags,
  summary: "Inbound deliveries; `inbox=1` leaves those that failed or were not recognised",
  request: { query: listQuery.extend({ inbox: z.enum(["0", "1"]).optional(), integration: z.guid().optional() }) },
  responses: answers(200, "A page of deliveries", listOf(intakeView)),
});
const deliveryRoute = apiRoute({
  method: "get",
  path: "/deliveries/{id}",
  tags,
  summary: "What became of one inbound delivery",
  request: { params: idParam },
  responses: answers(200, "The delivery", intakeView),
});

/** Where alerts come from, and what came. */
export function registerIntegrationRoutes(api: Api): void {
  api.openapi(listRoute, async (c) => {
    const items = await listIntegrations(c.var.ctx.db.read, c.var.ctx);
    return c.json({ items, nextCursor: null }, 200);
  });
  api.openapi(sourcesRoute, (c) => c.json({ items: listSources(c.var.ctx), nextCursor: null }, 200));
  api.openapi(createRoute, async (c) => c.json(await createIntegration(c.var.ctx, c.req.valid("json")), 201));
  api.openapi(changeRoute, async (c) => {
    const id = requireUuid(c.req.valid("param").id, "integration");
    return c.json(await changeIntegration(c.var.ctx, id, c.req.valid("json")), 200);
  });
  api.openapi(rotateRoute, async (c) => {
    const id = requireUuid(c.req.valid("param").id, "integration");
    return c.json(await rotateIntegrationKey(c.var.ctx, id), 200);
  });
  api.openapi(removeRoute, async (c) => {
    await removeIntegration(c.var.ctx, requireUuid(c.req.valid("param").id, "integration"));
    return c.body(null, 204);
  });
  api.openapi(deliveriesRoute, async (c) => {
    const { inbox, ...page } = c.req.valid("query");
    return c.json(await listIntakes(c.var.ctx.db.read, c.var.ctx, { ...page, inbox: inbox === "1" }), 200);
  });
  api.openapi(deliveryRoute, async (c) => {
    const id = requireUuid(c.req.valid("param").id, "delivery");
    return c.json(await getIntake(c.var.ctx.db.read, c.var.ctx, id), 200);
  });
}
