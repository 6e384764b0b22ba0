import { z } from "@hono/zod-openapi";
import {
  addedWebhookSubscriberView,
  createWebhookSubscriberInput,
  webhookSubscriberView,
} from "#/server/audience/contract.ts";
import { addWebhookSubscriber, listWebhookSubscribers, removeWebhookSubscriber } from "#/server/audience/index.ts";
import { logoView, setLogoInput } from "#/server/status-page/contract.ts";
import { removeLogo, setLogo, viewLogo } from "#/server/status-page/index.ts";
import { type Api, answers, apiRoute, gone, idParam, jsonBody, listOf, listQuery, requireUuid } from "../api.ts";

const tags = ["Status page"];
const logo = "/settings/status-page/logo";
const webhooks = "/webhook-subscribers";

const readLogoRoute = apiRoute({
  method: "get",
  path: logo,
  tags,
  summary: "The status page's logo, if any",
  responses: answers(200, "Where it lies, and its size in pixels", z.object({ logo: logoView.nullable() })),
});
const setLogoRoute = apiRoute({
  method: "put",
  path: logo,
  tags,
  summary: "Set the status page's logo: a PNG, JPEG, GIF or WebP of up to 64 KiB, in base64",
  request: { body: jsonBody(setLogoInput) },
  responses: answers(200, "Where it lies, and its size in pixels", logoView),
});
const removeLogoRoute = apiRoute({
  method: "delete",
  path: logo,
  tags,
  summary: "Take the logo off the status page",
  responses: gone,
});
const listRoute = apiRoute({
  method: "get",
  path: webhooks,
  tags,
  summary: "Webhooks that get the status page's news, newest first",
  request: { query: listQuery },
  responses: answers(200, "A page of webhooks", listOf(webhookSubscriberView)),
});
const addRoute = apiRoute({
  method: "post",
  path: webhooks,
  tags,
  summary: "Add a webhook; its signing secret is told once",
  request: { body: jsonBody(createWebhookSubscriberInput) },
  responses: answers(201, "The webhook", addedWebhookSubscriberView),
});
const removeRoute = apiRoute({
  method: "delete",
  path: `${webhooks}/{id}`,
  tags,
  summary: "Forget a webhook",
  request: { params: idParam },
  responses: gone,
});

/** The status page's logo, and who gets its news by webhook. */
export function registerPageSettingsRoutes(api: Api): void {
  api.openapi(readLogoRoute, async (c) => c.json({ logo: await viewLogo(c.var.ctx) }, 200));
  api.openapi(setLogoRoute, async (c) => c.json(await setLogo(c.var.ctx, c.req.valid("json").data), 200));
  api.openapi(removeLogoRoute, async (c) => {
    await removeLogo(c.var.ctx);
    return c.body(null, 204);
  });
  api.openapi(listRoute, async (c) => {
    const { ctx } = c.var;
    return c.json(await listWebhookSubscribers(ctx.db.read, ctx, c.req.valid("query")), 200);
  });
  api.openapi(addRoute, async (c) => c.json(await addWebhookSubscriber(c.var.ctx, c.req.valid("json")), 201));
  api.openapi(removeRoute, async (c) => {
    await removeWebhookSubscriber(c.var.ctx, requireUuid(c.req.valid("param").id, "webhook"));
    return c.body(null, 204);
  });
}
