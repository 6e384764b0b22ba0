import { changeTemplate, createTemplate, listTemplates, removeTemplate } from "#/server/updates/index.ts";
import { changeTemplateInput, createTemplateInput, templateView } from "#/server/updates/templates/contract.ts";
import { type Api, answers, apiRoute, gone, idParam, jsonBody, listOf } from "../api.ts";

const path = "/update-templates";
const tags = ["Updates"];

const listRoute = apiRoute({
  method: "get",
  path,
  tags,
  summary: "Templates of updates in their order; the shipped ones until somebody changes one",
  responses: answers(200, "All templates", listOf(templateView)),
});
const createRoute = apiRoute({
  method: "post",
  path,
  tags,
  summary: "Add a template at the end of the list",
  request: { body: jsonBody(createTemplateInput) },
  responses: answers(201, "The template", templateView),
});
const changeRoute = apiRoute({
  method: "patch",
  path: `${path}/{id}`,
  tags,
  summary: "Change or move a template",
  request: { params: idParam, body: jsonBody(changeTemplateInput) },
  responses: answers(200, "The template", templateView),
});
const removeRoute = apiRoute({
  method: "delete",
  path: `${path}/{id}`,
  tags,
  summary: "Delete a template; after the last one the shipped ones are there again",
  request: { params: idParam },
  responses: gone,
});

/** `/api/v1/update-templates`. */
export function registerUpdateTemplateRoutes(api: Api): void {
  api.openapi(listRoute, async (c) => c.json({ items: await listTemplates(c.var.ctx), nextCursor: null }, 200));
  api.openapi(createRoute, async (c) => c.json(await createTemplate(c.var.ctx, c.req.valid("json")), 201));
  api.openapi(changeRoute, async (c) => {
    return c.json(await changeTemplate(c.var.ctx, c.req.valid("param").id, c.req.valid("json")), 200);
  });
  api.openapi(removeRoute, async (c) => {
    await removeTemplate(c.var.ctx, c.req.valid("param").id);
    return c.body(null, 204);
  });
}
