import { z } from "@hono/zod-openapi";
import { changeMute, createMute, endSilence, listMutes, listOpenSilences, removeMute } from "#/server/alerts/index.ts";
import {
  alertMuteView,
  changeMuteInput,
  createMuteInput,
  listMutesQuery,
  silenceView,
} from "#/server/alerts/muting/contract.ts";
import { type Api, answers, apiRoute, gone, idParam, jsonBody, listOf, listQuery, requireUuid } from "../api.ts";

const path = "/alert-mutes";
const tags = ["Alert mutes"];

const listRoute = apiRoute({
  method: "get",
  path,
  tags,
  summary: "Mutes and maintenance, those that end last first",
  request: { query: listQuery.extend(listMutesQuery.shape) },
  responses: answers(200, "A page of mutes", listOf(alertMuteView)),
});
const createRoute = apiRoute({
  method: "post",
  path,
  tags,
  summary: "Keep alerts quiet for a time, by condition, services or both",
  request: { body: jsonBody(createMuteInput) },
  responses: answers(201, "The mute", alertMuteView),
});
const changeRoute = apiRoute({
  method: "patch",
  path: `${path}/{id}`,
  tags,
  summary: "Change its end or its reason, or end it now",
  request: { params: idParam, body: jsonBody(changeMuteInput) },
  responses: answers(200, "The mute", alertMuteView),
});
const removeRoute = apiRoute({
  method: "delete",
  path: `${path}/{id}`,
  tags,
  summary: "Take a mute away",
  request: { params: idParam },
  responses: gone,
});

const silencesRoute = apiRoute({
  method: "get",
  path: "/alert-silences",
  tags,
  summary: "Silences set by Alertmanager's API that have not ended, those that end first",
  responses: answers(200, "At most 200", z.object({ items: z.array(silenceView) })),
});
const endSilenceRoute = apiRoute({
  method: "post",
  path: "/alert-silences/{id}/end",
  tags,
  summary: "End a silence now",
  request: { params: idParam },
  responses: gone,
});

/** `/api/v1/alert-mutes` and the silences beside them. */
export function registerAlertMuteRoutes(api: Api): void {
  api.openapi(listRoute, async (c) => c.json(await listMutes(c.var.ctx.db.read, c.var.ctx, c.req.valid("query")), 200));
  api.openapi(createRoute, async (c) => c.json(await createMute(c.var.ctx, c.req.valid("json")), 201));
  api.openapi(changeRoute, async (c) => {
    const id = requireUuid(c.req.valid("param").id, "mute");
    return c.json(await changeMute(c.var.ctx, id, c.req.valid("json")), 200);
  });
  api.openapi(silencesRoute, async (c) => {
    return c.json({ items: await listOpenSilences(c.var.ctx.db.read, c.var.ctx) }, 200);
  });
  api.openapi(endSilenceRoute, async (c) => {
    await endSilence(c.var.ctx, requireUuid(c.req.valid("param").id, "silence"));
    return c.body(null, 204);
  });
  api.openapi(removeRoute, async (c) => {
    await removeMute(c.var.ctx, requireUuid(c.req.valid("param").id, "mute"));
    return c.body(null, 204);
  });
}
