import { type Api, answers, apiRoute } from "#/server/http/api.ts";
import { measuresQuery, measuresView } from "#/server/measures/contract.ts";
import { measure } from "#/server/measures/index.ts";

const measuresRoute = apiRoute({
  method: "get",
  path: "/measures",
  tags: ["After the incident"],
  summary: "How long incidents took: median, 90th percentile and n, by severity, service or month; without drills",
  request: { query: measuresQuery },
  responses: answers(200, "The measures of the period", measuresView),
});

/** `/api/v1/measures`. */
export function registerMeasureRoutes(api: Api): void {
  api.openapi(measuresRoute, async (c) => c.json(await measure(c.var.ctx, c.req.valid("query")), 200));
}
