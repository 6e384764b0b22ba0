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
import { changeUserInput, createUserInput, userView } from "#/server/people/contract.ts";
import { changeUser, createUser, listUsers, removeUser } from "#/server/people/index.ts";

const path = "/users";
const tags = ["People"];

const listRoute = apiRoute({
  method: "get",
  path,
  tags,
  summary: "Everybody with an account, by name; removed people have `disabledAt`",
  request: { query: listQuery },
  responses: answers(200, "A page of people", listOf(userView)),
});

const createUserRoute = apiRoute({
  method: "post",
  path,
  tags,
  summary: "Give somebody an account",
  request: { body: jsonBody(createUserInput) },
  responses: answers(201, "The person", userView),
});

const changeRoute = apiRoute({
  method: "patch",
  path: `${path}/{id}`,
  tags,
  summary: "Change an account; one's own name and password with `currentPassword`, without being an administrator",
  request: { params: idParam, body: jsonBody(changeUserInput) },
  responses: answers(200, "The person", userView),
});

const removeRoute = apiRoute({
  method: "delete",
  path: `${path}/{id}`,
  tags,
  summary: "End an account, with its sessions and tokens; the name stays in the record",
  request: { params: idParam },
  responses: gone,
});

/** `/api/v1/users`. */
export function registerUserRoutes(api: Api): void {
  api.openapi(listRoute, async (c) => {
    const { ctx } = c.var;
    return c.json(await listUsers(ctx.db.read, ctx, c.req.valid("query")), 200);
  });
  api.openapi(createUserRoute, async (c) => c.json(await createUser(c.var.ctx, c.req.valid("json")), 201));
  api.openapi(changeRoute, async (c) => {
    const id = requireUuid(c.req.valid("param").id, "user");
    return c.json(await changeUser(c.var.ctx, { id, change: c.req.valid("json") }), 200);
  });
  api.openapi(removeRoute, async (c) => {
    await removeUser(c.var.ctx, { id: requireUuid(c.req.valid("param").id, "user") });
    return c.body(null, 204);
  });
}
