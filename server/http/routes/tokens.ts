import {
  type Api,
  answers,
  apiRoute,
  gone,
  idParam,
  jsonBody,
  listOf,
  listQuery,
  requireUuid,
} from "#/server/http/api.ts";
import { createdTokenView, createTokenInput, tokenView } from "#/server/people/contract.ts";
import { createToken, listTokens, revokeToken } from "#/server/people/index.ts";

const path = "/tokens";
const tags = ["People"];

const listRoute = apiRoute({
  method: "get",
  path,
  tags,
  summary: "API tokens that work, newest first",
  request: { query: listQuery },
  responses: answers(200, "A page of tokens, without the tokens themselves", listOf(tokenView)),
});

const createTokenRoute = apiRoute({
  method: "post",
  path,
  tags,
  summary: "Make a token; it acts as its user, within its scopes",
  request: { body: jsonBody(createTokenInput) },
  responses: answers(201, "The token, shown this once", createdTokenView),
});

const revokeRoute = apiRoute({
  method: "delete",
  path: `${path}/{id}`,
  tags,
  summary: "End a token",
  request: { params: idParam },
  responses: gone,
});

/** `/api/v1/tokens`. */
export function registerTokenRoutes(api: Api): void {
  api.openapi(listRoute, async (c) => {
    const { ctx } = c.var;
    return c.json(await listTokens(ctx.db.read, ctx, c.req.valid("query")), 200);
  });
  api.openapi(createTokenRoute, async (c) => c.json(await createToken(c.var.ctx, c.req.valid("json")), 201));
  api.openapi(revokeRoute, async (c) => {
    await revokeToken(c.var.ctx, { id: requireUuid(c.req.valid("param").id, "token") });
    return c.body(null, 204);
  });
}
