import { changeComponentInput, componentView, createComponentInput } from "#/server/audience/contract.ts";
import { changeComponent, createComponent, listComponents, removeComponent } from "#/server/audience/index.ts";
import { unexplainedComponent } from "#/server/maintenance/contract.ts";
import { listUnexplained, mendComponent } from "#/server/maintenance/index.ts";
import { type Api, answers, apiRoute, gone, idParam, jsonBody, listOf, requireUuid } from "../api.ts";

const tags = ["Status page"];

const listRoute = apiRoute({
  method: "get",
  path: "/components",
  tags,
  summary: "Components in the order of the page, each group before what stands in it",
  responses: answers(200, "All components", listOf(componentView)),
});
const createRoute = apiRoute({
  method: "post",
  path: "/components",
  tags,
  summary: "Add a component or a group at the end of its group or of the page",
  request: { body: jsonBody(createComponentInput) },
  responses: answers(201, "The component", componentView),
});
const changeRoute = apiRoute({
  method: "patch",
  path: "/components/{id}",
  tags,
  summary: "Rename, describe, move or show a component otherwise",
  request: { params: idParam, body: jsonBody(changeComponentInput) },
  responses: answers(200, "The component", componentView),
});
const unexplainedRoute = apiRoute({
  method: "get",
  path: "/components/unexplained",
  tags,
  summary: "Components that the public sees broken while no open incident says why",
  responses: answers(200, "Those components, the longest first", listOf(unexplainedComponent)),
});
const mendRoute = apiRoute({
  method: "post",
  path: "/components/{id}/mend",
  tags,
  summary: "Say that a component is operational again, and publish the end of incidents that ended without saying so",
  request: { params: idParam },
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
  api.openapi(unexplainedRoute, async (c) =>
    c.json({ items: await listUnexplained(c.var.ctx), nextCursor: null }, 200),
  );
  api.openapi(mendRoute, async (c) => {
    return c.json(await mendComponent(c.var.ctx, requireUuid(c.req.valid("param").id, "component")), 200);
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
