import { noiseQuery, noiseView } from "#/server/alerts/contract.ts";
import {
  changeRoute,
  createRoute,
  dryRun,
  listRoutes,
  readNoise,
  removeRoute,
  reorderRoutes,
} from "#/server/alerts/index.ts";
import {
  alertRouteView,
  changeRouteInput,
  createRouteInput,
  dryRunInput,
  dryRunView,
  reorderRoutesInput,
} from "#/server/alerts/routing/contract.ts";
import { type Api, answers, apiRoute, gone, idParam, jsonBody, listOf, requireUuid } from "../api.ts";

const path = "/alert-routes";
const tags = ["Alert routes"];
const all = answers(200, "All alert routes, in the order they are asked", listOf(alertRouteView));

const listRoute = apiRoute({ method: "get", path, tags, summary: "The alert routes in their order", responses: all });
const createRouteRoute = apiRoute({
  method: "post",
  path,
  tags,
  summary: "Add an alert route, before the default one",
  request: { body: jsonBody(createRouteInput) },
  responses: answers(201, "The alert route", alertRouteView),
});
const changeRouteRoute = apiRoute({
  method: "patch",
  path: `${path}/{id}`,
  tags,
  summary: "Change an alert route, or switch it off and on",
  request: { params: idParam, body: jsonBody(changeRouteInput) },
  responses: answers(200, "The alert route", alertRouteView),
});
const removeRouteRoute = apiRoute({
  method: "delete",
  path: `${path}/{id}`,
  tags,
  summary: "Take an alert route away",
  request: { params: idParam },
  responses: gone,
});
const reorderRoute = apiRoute({
  method: "post",
  path: `${path}/reorder`,
  tags,
  summary: "Put the alert routes into another order",
  request: { body: jsonBody(reorderRoutesInput) },
  responses: all,
});
const dryRunRoute = apiRoute({
  method: "post",
  path: `${path}/dry-run`,
  tags,
  summary: "What changed alert routes would have made of the last days; writes nothing",
  request: { body: jsonBody(dryRunInput) },
  responses: answers(200, "What would have been", dryRunView),
});
const noiseRoute = apiRoute({
  method: "get",
  path: "/alert-noise",
  tags,
  summary: "Which alert routes and sources cry wolf",
  request: { query: noiseQuery },
  responses: answers(200, "Numbers by route and by source", noiseView),
});

/** `/api/v1/alert-routes` and what they make of alerts. */
export function registerAlertRouteRoutes(api: Api): void {
  api.openapi(listRoute, async (c) => c.json({ items: await listRoutes(c.var.ctx), nextCursor: null }, 200));
  api.openapi(createRouteRoute, async (c) => c.json(await createRoute(c.var.ctx, c.req.valid("json")), 201));
  api.openapi(changeRouteRoute, async (c) => {
    const id = requireUuid(c.req.valid("param").id, "alert route");
    return c.json(await changeRoute(c.var.ctx, id, c.req.valid("json")), 200);
  });
  api.openapi(removeRouteRoute, async (c) => {
    await removeRoute(c.var.ctx, requireUuid(c.req.valid("param").id, "alert route"));
    return c.body(null, 204);
  });
  api.openapi(reorderRoute, async (c) => {
    const items = await reorderRoutes(c.var.ctx, c.req.valid("json").ids);
    return c.json({ items, nextCursor: null }, 200);
  });
  api.openapi(dryRunRoute, async (c) => c.json(await dryRun(c.var.ctx, c.req.valid("json")), 200));
  api.openapi(noiseRoute, async (c) => c.json(await readNoise(c.var.ctx, c.req.valid("query")), 200));
}
