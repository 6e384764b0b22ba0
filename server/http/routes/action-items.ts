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
import {
  actionItemView,
  changeActionItemInput,
  createActionItemInput,
  listActionItemsQuery,
} from "#/server/postmortem/contract.ts";
import { changeActionItem, createActionItem, deleteActionItem, listActionItems } from "#/server/postmortem/index.ts";

const path = "/action-items";
const tags = ["After the incident"];

const listRoute = apiRoute({
  method: "get",
  path,
  tags,
  summary: "Action items, oldest first; of one incident by ?incident=",
  request: { query: listQuery.extend(listActionItemsQuery.shape) },
  responses: answers(200, "A page of action items", listOf(actionItemView)),
});

const createActionItemRoute = apiRoute({
  method: "post",
  path,
  tags,
  summary: "Add an action item to an incident",
  request: { body: jsonBody(createActionItemInput) },
  responses: answers(201, "The action item", actionItemView),
});

const changeRoute = apiRoute({
  method: "patch",
  path: `${path}/{id}`,
  tags,
  summary: "Change or finish an action item",
  request: { params: idParam, body: jsonBody(changeActionItemInput) },
  responses: answers(200, "The action item", actionItemView),
});

const deleteRoute = apiRoute({
  method: "delete",
  path: `${path}/{id}`,
  tags,
  summary: "Take an action item off the list",
  request: { params: idParam },
  responses: gone,
});

/** `/api/v1/action-items`. */
export function registerActionItemRoutes(api: Api): void {
  api.openapi(listRoute, async (c) => c.json(await listActionItems(c.var.ctx, c.req.valid("query")), 200));
  api.openapi(createActionItemRoute, async (c) => c.json(await createActionItem(c.var.ctx, c.req.valid("json")), 201));
  api.openapi(changeRoute, async (c) => {
    const id = requireUuid(c.req.valid("param").id, "action item");
    return c.json(await changeActionItem(c.var.ctx, { id, change: c.req.valid("json") }), 200);
  });
  api.openapi(deleteRoute, async (c) => {
    await deleteActionItem(c.var.ctx, { id: requireUuid(c.req.valid("param").id, "action item") });
    return c.body(null, 204);
  });
}
