import { suppressAddressInput, suppressionView } from "#/server/audience/contract.ts";
import { addSuppression, listSuppressions, releaseAddress } from "#/server/audience/index.ts";
import { type Api, answers, apiRoute, gone, idParam, jsonBody, listOf, listQuery, requireUuid } from "../api.ts";

const tags = ["Status page"];

const listRoute = apiRoute({
  method: "get",
  path: "/suppressions",
  tags,
  summary: "Addresses that get no updates any more and why, newest first",
  request: { query: listQuery },
  responses: answers(200, "A page of suppressed addresses", listOf(suppressionView)),
});
const addRoute = apiRoute({
  method: "post",
  path: "/suppressions",
  tags,
  summary: "Send no further update to an address",
  request: { body: jsonBody(suppressAddressInput) },
  responses: answers(201, "The suppressed address", suppressionView),
});
const releaseRoute = apiRoute({
  method: "delete",
  path: "/suppressions/{id}",
  tags,
  summary: "Release an address: the next update goes to it again",
  request: { params: idParam },
  responses: gone,
});

/** The addresses whose mail came back, or that asked for none. */
export function registerSuppressionRoutes(api: Api): void {
  api.openapi(listRoute, async (c) => {
    return c.json(await listSuppressions(c.var.ctx.db.read, c.var.ctx, c.req.valid("query")), 200);
  });
  api.openapi(addRoute, async (c) => c.json(await addSuppression(c.var.ctx, c.req.valid("json")), 201));
  api.openapi(releaseRoute, async (c) => {
    await releaseAddress(c.var.ctx, requireUuid(c.req.valid("param").id, "suppression"));
    return c.body(null, 204);
  });
}
