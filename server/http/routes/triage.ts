import { z } from "@hono/zod-openapi";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Core } from "#/server/events/index.ts";
import { LINK_PAGE_POLICY } from "#/server/notify/index.ts";
import { suggestionView, toldView } from "#/server/triage/contract.ts";
import {
  decideByLink,
  type LinkAnswer,
  readTold,
  renderLinkPage,
  retryTold,
  showLink,
  suggestMerge,
} from "#/server/triage/index.ts";
import { type Api, type ApiEnv, answers, apiRoute, idParam, listOf, requireUuid } from "../api.ts";
import { incidentOf } from "./incidents.ts";

const tags = ["Triage"];
/** One answer of a form. */
const FORM_BYTES_MAX = 16 * 1024;

const suggestionsRoute = apiRoute({
  method: "get",
  path: "/incidents/{id}/suggestions",
  tags,
  summary: "Open incidents that this one may belong to, the likeliest first, with reasons",
  request: { params: idParam },
  responses: answers(200, "The suggestions", listOf(suggestionView)),
});
const toldRoute = apiRoute({
  method: "get",
  path: "/incidents/{id}/told",
  tags,
  summary: "Who was told of a triage incident, and what became of each message",
  request: { params: idParam },
  responses: answers(200, "Who was told", toldView),
});
const retryRoute = apiRoute({
  method: "post",
  path: "/incidents/{id}/told/{deliveryId}/retry",
  tags,
  summary: "Send a message again that failed",
  request: { params: idParam.extend({ deliveryId: z.string().max(100) }) },
  responses: answers(200, "Who was told", toldView),
});

/** What helps to decide about a triage incident. */
export function registerTriageRoutes(api: Api): void {
  api.openapi(suggestionsRoute, async (c) => {
    const items = await suggestMerge(c.var.ctx.db.read, c.var.ctx, c.req.valid("param").id);
    return c.json({ items, nextCursor: null }, 200);
  });
  api.openapi(toldRoute, async (c) => {
    const row = await incidentOf(c.var.ctx, c.req.valid("param").id);
    return c.json(await readTold(c.var.ctx.db.read, c.var.ctx, row.id), 200);
  });
  api.openapi(retryRoute, async (c) => {
    const { id, deliveryId } = c.req.valid("param");
    return c.json(await retryTold(c.var.ctx, id, requireUuid(deliveryId, "delivery")), 200);
  });
}

async function answerPage(c: Context<ApiEnv>, answer: LinkAnswer): Promise<Response> {
  return c.body(await renderLinkPage(answer.page), answer.status, {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": LINK_PAGE_POLICY,
    // The address is the permission: it must not reach whatever is opened from here.
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  });
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The decisions that come from outside, by one press in a mail. */
export function triageDoors(core: Core): Hono<ApiEnv> {
  const doors = new Hono<ApiEnv>();
  doors.get("/triage/:token", async (c) => answerPage(c, await showLink(core, c.req.param("token"))));
  doors.post("/triage/:token", bodyLimit({ maxSize: FORM_BYTES_MAX }), async (c) => {
    const { reason, words, into } = await c.req.parseBody();
    const form = { reason: textOf(reason), words: textOf(words), into: textOf(into) };
    return answerPage(c, await decideByLink(core, c.req.param("token"), form));
  });
  return doors;
}
