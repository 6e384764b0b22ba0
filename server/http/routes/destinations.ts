import { z } from "@hono/zod-openapi";
import {
  changeDestinationInput,
  createDestinationInput,
  destinationView,
  destinationWithSecret,
} from "#/server/audience/contract.ts";
import {
  changeDestination,
  createDestination,
  listDestinations,
  removeDestination,
  rotateDestinationSecret,
} from "#/server/audience/index.ts";
import { createOutside } from "#/server/notify/index.ts";
import { destinationDeliveryView } from "#/server/updates/contract.ts";
import { listDestinationDeliveries, retryDestinationDelivery, testDestination } from "#/server/updates/index.ts";
import { type Api, answers, apiRoute, gone, idParam, jsonBody, listOf, listQuery, requireUuid } from "../api.ts";

const tags = ["Audiences"];

const listRoute = apiRoute({
  method: "get",
  path: "/destinations",
  tags,
  summary: "Mattermost and Teams channels and webhooks; their addresses with the keys hidden",
  responses: answers(200, "All destinations", listOf(destinationView)),
});
const createRoute = apiRoute({
  method: "post",
  path: "/destinations",
  tags,
  summary: "Add a destination; a webhook's signing secret is shown this once",
  request: { body: jsonBody(createDestinationInput) },
  responses: answers(201, "The destination with its secret", destinationWithSecret),
});
const changeRoute = apiRoute({
  method: "patch",
  path: "/destinations/{id}",
  tags,
  summary: "Rename a destination, give it another address or other events, switch it off or on",
  request: { params: idParam, body: jsonBody(changeDestinationInput) },
  responses: answers(200, "The destination", destinationView),
});
const removeRoute = apiRoute({
  method: "delete",
  path: "/destinations/{id}",
  tags,
  summary: "Delete a destination; audiences lose it",
  request: { params: idParam },
  responses: gone,
});
const rotateRoute = apiRoute({
  method: "post",
  path: "/destinations/{id}/rotate",
  tags,
  summary: "Give a webhook a new signing secret; the old one signs beside it for 24 hours",
  request: { params: idParam },
  responses: answers(200, "The destination with its new secret", destinationWithSecret),
});
const testRoute = apiRoute({
  method: "post",
  path: "/destinations/{id}/test",
  tags,
  summary: "Send a test message now; `testError` says why it did not arrive",
  request: { params: idParam },
  responses: answers(200, "The destination with what came of it", destinationView),
});
const deliveriesRoute = apiRoute({
  method: "get",
  path: "/destinations/{id}/deliveries",
  tags,
  summary: "What went to a destination, newest first",
  request: { params: idParam, query: listQuery },
  responses: answers(200, "A page of deliveries", listOf(destinationDeliveryView)),
});
const retryRoute = apiRoute({
  method: "post",
  path: "/destinations/{id}/deliveries/{deliveryId}/retry",
  tags,
  summary: "Send a delivery again that failed, or of which nobody knows whether it arrived",
  request: { params: idParam.extend({ deliveryId: z.string().min(1).max(100) }) },
  responses: answers(200, "The delivery", destinationDeliveryView),
});

/** Places that hear of updates and incidents at an address of their own. */
export function registerDestinationRoutes(api: Api): void {
  const outside = createOutside();
  const idOf = (given: string) => requireUuid(given, "destination");
  api.openapi(listRoute, async (c) => {
    return c.json({ items: await listDestinations(c.var.ctx.db.read, c.var.ctx), nextCursor: null }, 200);
  });
  api.openapi(createRoute, async (c) => c.json(await createDestination(c.var.ctx, c.req.valid("json")), 201));
  api.openapi(changeRoute, async (c) => {
    return c.json(await changeDestination(c.var.ctx, idOf(c.req.valid("param").id), c.req.valid("json")), 200);
  });
  api.openapi(removeRoute, async (c) => {
    await removeDestination(c.var.ctx, idOf(c.req.valid("param").id));
    return c.body(null, 204);
  });
  api.openapi(rotateRoute, async (c) => {
    return c.json(await rotateDestinationSecret(c.var.ctx, idOf(c.req.valid("param").id)), 200);
  });
  api.openapi(testRoute, async (c) => {
    return c.json(await testDestination(c.var.ctx, outside, idOf(c.req.valid("param").id)), 200);
  });
  api.openapi(deliveriesRoute, async (c) => {
    const { ctx } = c.var;
    const id = idOf(c.req.valid("param").id);
    return c.json(await listDestinationDeliveries(ctx.db.read, ctx, id, c.req.valid("query")), 200);
  });
  api.openapi(retryRoute, async (c) => {
    const { id, deliveryId } = c.req.valid("param");
    return c.json(await retryDestinationDelivery(c.var.ctx, idOf(id), requireUuid(deliveryId, "delivery")), 200);
  });
}
