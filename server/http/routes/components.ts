import { changeComponentInput, componentView, createComponentInput } from "#/server/audience/contract.ts";
import { changeComponent, createComponent, listComponents, removeComponent } from "#/server/audience/index.ts";
import { type Api, answers, apiRoute, gone, idParam, jsonBody, listOf, requireUuid } from "../api.ts";

const tags = ["Status page"];

const listRoute = apiRoute({
  method: "get",
  path: "/components",
  tags,
  summary: "Components in the order of the page",
  responses: answers(200, "All components", listOf(componentView)),
});
const createRoute = apiRoute({
  method: "post",
  path: "/components",
  tags,
  summary: "Add a component at the end of the page",
  request: { body: jsonBody(createComponentInput) },
  responses: answers(201, "The component", componentView),
});
const changeRoute = apiRoute({
  method: "patch",
  path: "/components/{id}",
  tags,
  summary: "Rename, describe or move a component",
  request: { params: idParam, body: jsonBody(changeComponentInput) },
  responses: answers(200, "The component", componentView),
});
const removeRoute = apiRoute({
  method: "delete",
  path: "/components/{id}",
  tags,
  summary: "Take a component off the page",
  request: { params: idParam },
  responses: gone,
});

/** What the public sees of our services. */
export function registerComponentRoutes(api: Api): void {
  api.openapi(listRoute, async (c) => {
    return c.json({ items: await listComponents(c.var.ctx.db.read, c.var.ctx), nextCursor: null }, 200);
  });
  api.openapi(createRoute, async (c) => c.json(await createComponent(c.var.ctx, c.req.valid("json")), 201));
  api.openapi(changeRoute, async (c) => {
    const id = requireUuid(c.req.valid("param").id, "component");
    return c.json(await changeComponent(c.var.ctx, id, c.req.valid("json")), 200);
  });
  api.openapi(removeRoute, async (c) => {
    await removeComponent(c.var.ctx, requireUuid(c.req.valid("param").id, "component"));
    return c.body(null, 204);
  });
}
