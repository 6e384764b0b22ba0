import { z } from "@hono/zod-openapi";
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
  catalogueImportView,
  changeServiceInput,
  createServiceInput,
  importCatalogueQuery,
  listServicesQuery,
  serviceView,
} from "#/server/services/contract.ts";
import {
  changeService,
  createService,
  deleteService,
  exportCatalogue,
  importCatalogue,
  listServices,
  readService,
} from "#/server/services/index.ts";

const path = "/services";
const tags = ["Services"];

const listRoute = apiRoute({
  method: "get",
  path,
  tags,
  summary: "Services, by name",
  request: { query: listQuery.extend(listServicesQuery.shape) },
  responses: answers(200, "A page of services", listOf(serviceView)),
});

const createServiceRoute = apiRoute({
  method: "post",
  path,
  tags,
  summary: "Add a service",
  request: { body: jsonBody(createServiceInput) },
  responses: answers(201, "The service", serviceView),
});

const readRoute = apiRoute({
  method: "get",
  path: `${path}/{id}`,
  tags,
  summary: "One service",
  request: { params: idParam },
  responses: answers(200, "The service", serviceView),
});

const changeRoute = apiRoute({
  method: "patch",
  path: `${path}/{id}`,
  tags,
  summary: "Change a service",
  request: { params: idParam, body: jsonBody(changeServiceInput) },
  responses: answers(200, "The service", serviceView),
});

const deleteRoute = apiRoute({
  method: "delete",
  path: `${path}/{id}`,
  tags,
  summary: "Take a service away; incidents and alerts stay",
  request: { params: idParam },
  responses: gone,
});

const YAML = "application/yaml";
const exportRoute = apiRoute({
  method: "get",
  path: `${path}/catalogue.yaml`,
  tags,
  summary: "The catalogue as YAML",
  responses: { 200: { description: "The catalogue", content: { [YAML]: { schema: z.string() } } } },
});
const importRoute = apiRoute({
  method: "put",
  path: `${path}/catalogue.yaml`,
  tags,
  summary: "Bring a catalogue in, or see what it would change (dryRun=true)",
  request: {
    query: importCatalogueQuery,
    body: { content: { [YAML]: { schema: z.string() } }, required: true },
  },
  responses: answers(200, "What changed, or would change", catalogueImportView),
});

/** `/api/v1/services/catalogue.yaml`; before the routes of one service, whose `{id}` would hold its name. */
function registerCatalogueRoutes(api: Api): void {
  api.openapi(exportRoute, async (c) => {
    const { ctx } = c.var;
    const text = await exportCatalogue(ctx.db.read, ctx);
    return c.body(text, 200, {
      "content-type": `${YAML}; charset=utf-8`,
      "content-disposition": 'attachment; filename="catalogue.yaml"',
    });
  });
  api.openapi(importRoute, async (c) => {
    const isDryRun = c.req.valid("query").dryRun === "true";
    return c.json(await importCatalogue(c.var.ctx, { text: await c.req.text(), isDryRun }), 200);
  });
}

/** `/api/v1/services`. */
export function registerServiceRoutes(api: Api): void {
  registerCatalogueRoutes(api);
  api.openapi(listRoute, async (c) => {
    const { ctx } = c.var;
    return c.json(await listServices(ctx.db.read, ctx, c.req.valid("query")), 200);
  });
  api.openapi(createServiceRoute, async (c) => c.json(await createService(c.var.ctx, c.req.valid("json")), 201));
  api.openapi(readRoute, async (c) => {
    const { ctx } = c.var;
    const id = requireUuid(c.req.valid("param").id, "service");
    return c.json(await readService(ctx.db.read, ctx, id), 200);
  });
  api.openapi(changeRoute, async (c) => {
    const id = requireUuid(c.req.valid("param").id, "service");
    return c.json(await changeService(c.var.ctx, { id, change: c.req.valid("json") }), 200);
  });
  api.openapi(deleteRoute, async (c) => {
    await deleteService(c.var.ctx, { id: requireUuid(c.req.valid("param").id, "service") });
    return c.body(null, 204);
  });
}
