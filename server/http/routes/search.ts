import { type Api, answers, apiRoute, listOf } from "#/server/http/api.ts";
import { searchHitView, searchQuery } from "#/server/search/contract.ts";
import { search } from "#/server/search/index.ts";

const searchRoute = apiRoute({
  method: "get",
  path: "/search",
  tags: ["After the incident"],
  summary: "Search incidents, notes and alerts; every word of ?q= has to occur",
  request: { query: searchQuery },
  responses: answers(200, "The newest hits, with where they matched", listOf(searchHitView)),
});

/** `/api/v1/search`. */
export function registerSearchRoutes(api: Api): void {
  api.openapi(searchRoute, async (c) =>
    c.json({ items: await search(c.var.ctx, c.req.valid("query")), nextCursor: null }, 200),
  );
}
