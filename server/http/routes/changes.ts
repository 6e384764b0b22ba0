import { z } from "@hono/zod-openapi";
import { changeView, createChangeInput, incidentChangesView, listChangesQuery } from "#/server/changes/contract.ts";
import { changesOfIncident, clearChange, createChange, listChanges, suspectChange } from "#/server/changes/index.ts";
import { affectedServiceView } from "#/server/incidents/contract.ts";
import { affectedServices } from "#/server/incidents/index.ts";
import { type Api, answers, apiRoute, gone, idParam, jsonBody, listOf, listQuery, requireUuid } from "../api.ts";
import { incidentOf } from "./incidents.ts";

const tags = ["Changes"];
const changeParam = idParam.extend({ changeId: z.string().min(1).max(100) });
const suspectPath = "/incidents/{id}/changes/{changeId}/suspect";

const listRoute = apiRoute({
  method: "get",
  path: "/changes",
  tags,
  summary: "What was deployed or altered, the newest first",
  request: { query: listQuery.extend(listChangesQuery.shape) },
  responses: answers(200, "A page of changes", listOf(changeView)),
});
const createRoute = apiRoute({
  method: "post",
  path: "/changes",
  tags,
  summary: "Tell of a change; the same dedupKey again is its next state",
  request: { body: jsonBody(createChangeInput) },
  responses: answers(201, "The change", changeView),
});
const ofIncidentRoute = apiRoute({
  method: "get",
  path: "/incidents/{id}/changes",
  tags,
  summary: "What changed on its services and their neighbours around the start of the impact, the likeliest first",
  request: { params: idParam },
  responses: answers(200, "Its changes", incidentChangesView),
});
const suspectRoute = apiRoute({
  method: "put",
  path: suspectPath,
  tags,
  summary: "Attach a change to the timeline as a suspect",
  request: { params: changeParam },
  responses: gone,
});
const clearRoute = apiRoute({
  method: "delete",
  path: suspectPath,
  tags,
  summary: "Take the suspicion back",
  request: { params: changeParam },
  responses: gone,
});

const servicesRoute = apiRoute({
  method: "get",
  path: "/incidents/{id}/services",
  tags: ["Services"],
  summary: "The services that it names, each with what it depends on that is in trouble",
  request: { params: idParam },
  responses: answers(200, "Its services", listOf(affectedServiceView)),
});

/** `/api/v1/changes`, and the changes and services of an incident. */
export function registerChangeRoutes(api: Api): void {
  api.openapi(listRoute, async (c) => {
    const { ctx } = c.var;
    return c.json(await listChanges(ctx.db.read, ctx, c.req.valid("query")), 200);
  });
  api.openapi(createRoute, async (c) => c.json(await createChange(c.var.ctx, c.req.valid("json")), 201));
  api.openapi(ofIncidentRoute, async (c) => {
    const { ctx } = c.var;
    const row = await incidentOf(ctx, c.req.valid("param").id);
    return c.json(await changesOfIncident(ctx.db.read, row), 200);
  });
  api.openapi(servicesRoute, async (c) => {
    const { ctx } = c.var;
    const row = await incidentOf(ctx, c.req.valid("param").id);
    return c.json({ items: await affectedServices(ctx.db.read, ctx, row), nextCursor: null }, 200);
  });
  api.openapi(suspectRoute, async (c) => {
    const { id, changeId } = c.req.valid("param");
    await suspectChange(c.var.ctx, { incident: id, changeId: requireUuid(changeId, "change") });
    return c.body(null, 204);
  });
  api.openapi(clearRoute, async (c) => {
    const { id, changeId } = c.req.valid("param");
    await clearChange(c.var.ctx, { incident: id, changeId: requireUuid(changeId, "change") });
    return c.body(null, 204);
  });
}
