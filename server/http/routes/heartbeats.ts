import { z } from "@hono/zod-openapi";
import { changeHeartbeatInput, createHeartbeatInput, heartbeatView } from "#/server/alerts/contract.ts";
import { createHeartbeat, deleteHeartbeat, editHeartbeat, readHeartbeats } from "#/server/alerts/index.ts";
import { type Api, answers, apiRoute, gone, idParam, jsonBody, listOf, requireUuid } from "../api.ts";

const path = "/integrations/{id}/heartbeats";
const tags = ["Heartbeats"];
const heartbeatParam = idParam.extend({ heartbeatId: z.string().max(100) });

const listRoute = apiRoute({
  method: "get",
  path,
  tags,
  summary: "What has to report regularly, by name",
  request: { params: idParam },
  responses: answers(200, "All heartbeats of the integration", listOf(heartbeatView)),
});
const createRoute = apiRoute({
  method: "post",
  path,
  tags,
  summary: "Add a heartbeat; it is watched from its first ping",
  request: { params: idParam, body: jsonBody(createHeartbeatInput) },
  responses: answers(201, "The heartbeat", heartbeatView),
});
const changeRoute = apiRoute({
  method: "patch",
  path: `${path}/{heartbeatId}`,
  tags,
  summary: "Change a heartbeat, or turn it off",
  request: { params: heartbeatParam, body: jsonBody(changeHeartbeatInput) },
  responses: answers(200, "The heartbeat", heartbeatView),
});
const removeRoute = apiRoute({
  method: "delete",
  path: `${path}/{heartbeatId}`,
  tags,
  summary: "Take a heartbeat away; its alert ends",
  request: { params: heartbeatParam },
  responses: gone,
});

/** `/api/v1/integrations/{id}/heartbeats`. */
export function registerHeartbeatApi(api: Api): void {
  const idsOf = ({ id, heartbeatId }: { id: string; heartbeatId: string }) =>
    [requireUuid(id, "integration"), requireUuid(heartbeatId, "heartbeat")] as const;
  api.openapi(listRoute, async (c) => {
    const items = await readHeartbeats(c.var.ctx, requireUuid(c.req.valid("param").id, "integration"));
    return c.json({ items, nextCursor: null }, 200);
  });
  api.openapi(createRoute, async (c) => {
    const id = requireUuid(c.req.valid("param").id, "integration");
    return c.json(await createHeartbeat(c.var.ctx, id, c.req.valid("json")), 201);
  });
  api.openapi(changeRoute, async (c) => {
    const [id, heartbeatId] = idsOf(c.req.valid("param"));
    return c.json(await editHeartbeat(c.var.ctx, id, heartbeatId, c.req.valid("json")), 200);
  });
  api.openapi(removeRoute, async (c) => {
    await deleteHeartbeat(c.var.ctx, ...idsOf(c.req.valid("param")));
    return c.body(null, 204);
  });
}
