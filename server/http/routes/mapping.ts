import { z } from "@hono/zod-openapi";
import {
  intakeView,
  mappingPreview,
  mappingTry,
  previewMappingInput,
  tryMappingInput,
} from "#/server/alerts/contract.ts";
import { dismissDelivery, getIntake, previewMapping, replayDelivery, tryMapping } from "#/server/alerts/index.ts";
import { type Api, answers, apiRoute, gone, idParam, jsonBody, requireUuid } from "../api.ts";

const tags = ["Integrations"];

const previewRoute = apiRoute({
  method: "post",
  path: "/integrations/{id}/preview",
  tags,
  summary: "What a delivery becomes by a mapping that is not saved yet; nothing is written",
  request: { params: idParam, body: jsonBody(previewMappingInput) },
  responses: answers(200, "The alerts it becomes, and which paths it has", mappingPreview),
});
const tryRoute = apiRoute({
  method: "post",
  path: "/integrations/{id}/try",
  tags,
  summary: "What the last deliveries become by a mapping; nothing is written",
  request: { params: idParam, body: jsonBody(tryMappingInput) },
  responses: answers(200, "The deliveries, newest first", z.object({ items: z.array(mappingTry) })),
});
const replayRoute = apiRoute({
  method: "post",
  path: "/deliveries/{id}/replay",
  tags,
  summary: "Read a delivery of the inbox again, by the present mapping",
  request: { params: idParam },
  responses: answers(200, "The delivery", intakeView),
});
const dismissRoute = apiRoute({
  method: "post",
  path: "/deliveries/{id}/dismiss",
  tags,
  summary: "Take a delivery out of the inbox",
  request: { params: idParam },
  responses: gone,
});

/** Mapping a custom source, and what came that nobody understood. */
export function registerMappingRoutes(api: Api): void {
  api.openapi(previewRoute, async (c) => {
    const integrationId = requireUuid(c.req.valid("param").id, "integration");
    return c.json(await previewMapping(c.var.ctx.db.read, c.var.ctx, { integrationId, ...c.req.valid("json") }), 200);
  });
  api.openapi(tryRoute, async (c) => {
    const integrationId = requireUuid(c.req.valid("param").id, "integration");
    const items = await tryMapping(c.var.ctx.db.read, c.var.ctx, { integrationId, ...c.req.valid("json") });
    return c.json({ items }, 200);
  });
  api.openapi(replayRoute, async (c) => {
    const id = requireUuid(c.req.valid("param").id, "delivery");
    await replayDelivery(c.var.ctx, id);
    return c.json(await getIntake(c.var.ctx.db.read, c.var.ctx, id), 200);
  });
  api.openapi(dismissRoute, async (c) => {
    await dismissDelivery(c.var.ctx, requireUuid(c.req.valid("param").id, "delivery"));
    return c.body(null, 204);
  });
}
