import { z } from "@hono/zod-openapi";
import type { Documents } from "#/server/documents/index.ts";
import { previewPage } from "#/server/status-page/index.ts";
import {
  changeDraftInput,
  correctUpdateInput,
  draftView,
  previewUpdateInput,
  publishUpdateInput,
  retryDeliveryInput,
  updatePreview,
  updateView,
} from "#/server/updates/contract.ts";
import {
  changeDraft,
  correctUpdate,
  emptyDraft,
  pageUpdates,
  previewUpdate,
  publishUpdate,
  retryDelivery,
  type UnpublishedUpdate,
} from "#/server/updates/index.ts";
import { type Api, answers, apiRoute, idParam, jsonBody, listOf, listQuery, requireUuid } from "../api.ts";

const tags = ["Updates"];
const updateParam = idParam.extend({ updateId: z.string().min(1).max(100) });

const listRoute = apiRoute({
  method: "get",
  path: "/incidents/{id}/updates",
  tags,
  summary: "An incident's updates, newest first, with each channel's delivery state",
  request: { params: idParam, query: listQuery },
  responses: answers(200, "A page of updates", listOf(updateView)),
});
const publishRoute = apiRoute({
  method: "post",
  path: "/incidents/{id}/updates",
  tags,
  summary: "Publish an update; it sets the incident's status",
  request: { params: idParam, body: jsonBody(publishUpdateInput) },
  responses: answers(201, "The update; its deliveries are on their way", updateView),
});
const previewRoute = apiRoute({
  method: "post",
  path: "/incidents/{id}/updates/preview",
  tags,
  summary: "What the readers of each channel would get; nothing is published",
  request: { params: idParam, body: jsonBody(previewUpdateInput) },
  responses: answers(200, "The update on each channel", updatePreview),
});
const draftRoute = apiRoute({
  method: "patch",
  path: "/incidents/{id}/update-draft",
  tags,
  summary: "Change what is chosen beside the text of the open draft, for everybody who writes it",
  request: { params: idParam, body: jsonBody(changeDraftInput) },
  responses: answers(200, "The draft's fields", draftView),
});
const correctRoute = apiRoute({
  method: "patch",
  path: "/incidents/{id}/updates/{updateId}",
  tags,
  summary: "Correct a published update; `notify` sends mail again",
  request: { params: updateParam, body: jsonBody(correctUpdateInput) },
  responses: answers(200, "The update", updateView),
});
const retryRoute = apiRoute({
  method: "post",
  path: "/incidents/{id}/updates/{updateId}/deliveries/{deliveryId}/retry",
  tags,
  summary:
    "Send a delivery again that failed, or of which nobody knows whether it arrived; `destination` and `body` correct this one alone",
  request: {
    params: updateParam.extend({ deliveryId: z.string().min(1).max(100) }),
    body: { content: { "application/json": { schema: retryDeliveryInput } }, required: false },
  },
  responses: answers(200, "The update", updateView),
});

/** What stakeholders are told, and whether it reached them. */
export function registerUpdateRoutes(api: Api, documents: Documents): void {
  api.openapi(listRoute, async (c) => {
    return c.json(await pageUpdates(c.var.ctx, c.req.valid("param").id, c.req.valid("query")), 200);
  });
  api.openapi(publishRoute, async (c) => {
    const { ctx } = c.var;
    const input = c.req.valid("json");
    const update = await publishUpdate(ctx, c.req.valid("param").id, input);
    if (input.isDraft) await emptyDraft(ctx, documents, update.incidentId, input.body);
    return c.json(update, 201);
  });
  api.openapi(previewRoute, async (c) => {
    const { ctx } = c.var;
    const page = (update: UnpublishedUpdate) => previewPage(ctx, update);
    return c.json(await previewUpdate(ctx, c.req.valid("param").id, c.req.valid("json"), page), 200);
  });
  api.openapi(draftRoute, async (c) => {
    return c.json(await changeDraft(c.var.ctx, c.req.valid("param").id, c.req.valid("json")), 200);
  });
  api.openapi(correctRoute, async (c) => {
    const { id, updateId } = c.req.valid("param");
    return c.json(await correctUpdate(c.var.ctx, id, requireUuid(updateId, "update"), c.req.valid("json")), 200);
  });
  api.openapi(retryRoute, async (c) => {
    const { id, ...rest } = c.req.valid("param");
    const updateId = requireUuid(rest.updateId, "update");
    const deliveryId = requireUuid(rest.deliveryId, "delivery");
    return c.json(await retryDelivery(c.var.ctx, id, updateId, deliveryId, c.req.valid("json")), 200);
  });
}
