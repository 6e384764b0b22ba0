import { createSubscriberInput, subscriberView } from "#/server/audience/contract.ts";
import { addSubscriber, listSubscribers, removeSubscriber } from "#/server/audience/index.ts";
import { type Api, answers, apiRoute, gone, idParam, jsonBody, listOf, listQuery, requireUuid } from "../api.ts";

const tags = ["Status page"];

const listRoute = apiRoute({
  method: "get",
  path: "/subscribers",
  tags,
  summary: "Subscribers, newest first",
  request: { query: listQuery },
  responses: answers(200, "A page of subscribers", listOf(subscriberView)),
});
const createRoute = apiRoute({
  method: "post",
  path: "/subscribers",
  tags,
  summary: "Add a subscriber; without `confirmed` the address is asked first",
  request: { body: jsonBody(createSubscriberInput) },
  responses: answers(201, "The subscriber", subscriberView),
});
const removeRoute = apiRoute({
  method: "delete",
  path: "/subscribers/{id}",
  tags,
  summary: "Forget a subscriber",
  request: { params: idParam },
  responses: gone,
});

/** Who hears about the status page by mail. */
export function registerSubscriberRoutes(api: Api): void {
  api.openapi(listRoute, async (c) => {
    return c.json(await listSubscribers(c.var.ctx.db.read, c.var.ctx, c.req.valid("query")), 200);
  });
  api.openapi(createRoute, async (c) => c.json(await addSubscriber(c.var.ctx, c.req.valid("json")), 201));
  api.openapi(removeRoute, async (c) => {
    await removeSubscriber(c.var.ctx, requireUuid(c.req.valid("param").id, "subscriber"));
    return c.body(null, 204);
  });
}
