import { z } from "@hono/zod-openapi";
import { briefView } from "#/server/brief/contract.ts";
import { readBrief } from "#/server/brief/index.ts";
import { declineInvitationInput, invitationView, inviteInput } from "#/server/invitations/contract.ts";
import { declineInvitation, invitePeople, listInvitations } from "#/server/invitations/index.ts";
import { changeReachInput, notificationList, notificationView } from "#/server/notifications/contract.ts";
import {
  chooseReach,
  listNotifications,
  readNotification,
  seeAllNotifications,
  seeNotification,
} from "#/server/notifications/index.ts";
import { type Api, answers, apiRoute, gone, idParam, jsonBody, listOf, listQuery, requireUuid } from "../api.ts";
import { incidentOf } from "./incidents.ts";
import { wantsMarkdown } from "./wants-markdown.ts";

const briefRoute = apiRoute({
  method: "get",
  path: "/incidents/{id}/brief",
  tags: ["Roster"],
  summary: "What to know before taking a role or coming late, as JSON or as Markdown by the Accept header",
  request: { params: idParam },
  responses: {
    200: {
      description: "The brief as of now",
      content: { "application/json": { schema: briefView }, "text/markdown": { schema: z.string() } },
    },
  },
});

/** The generated brief of an incident. */
export function registerBriefRoute(api: Api): void {
  api.openapi(briefRoute, async (c) => {
    const brief = await readBrief(c.var.ctx, c.req.valid("param").id);
    c.header("vary", "accept");
    if (!wantsMarkdown(c.req.header("accept"))) return c.json(brief, 200);
    return c.body(brief.markdown, 200, { "content-type": "text/markdown; charset=utf-8" });
  });
}

const invitationsTag = ["Invitations"];
const invitationsRoute = apiRoute({
  method: "get",
  path: "/incidents/{id}/invitations",
  tags: invitationsTag,
  summary: "Who was asked to come, and how far each invitation came",
  request: { params: idParam },
  responses: answers(200, "Its invitations", listOf(invitationView)),
});
const inviteRoute = apiRoute({
  method: "post",
  path: "/incidents/{id}/invitations",
  tags: invitationsTag,
  summary: "Bring in a person or a service's people",
  request: { params: idParam, body: jsonBody(inviteInput) },
  responses: answers(201, "The invitations made", listOf(invitationView)),
});
const declineRoute = apiRoute({
  method: "post",
  path: "/incidents/{id}/invitations/{invitationId}/decline",
  tags: invitationsTag,
  summary: "Say that one cannot come now",
  request: {
    params: idParam.extend({ invitationId: z.string().max(100) }),
    body: { content: { "application/json": { schema: declineInvitationInput } } },
  },
  responses: gone,
});

/** Bringing people in. */
export function registerInvitationRoutes(api: Api): void {
  api.openapi(invitationsRoute, async (c) => {
    const row = await incidentOf(c.var.ctx, c.req.valid("param").id);
    return c.json({ items: await listInvitations(c.var.ctx.db.read, row.id), nextCursor: null }, 200);
  });
  api.openapi(inviteRoute, async (c) => {
    const { id } = c.req.valid("param");
    const items = await invitePeople(c.var.ctx, { incident: id, ...c.req.valid("json") });
    return c.json({ items, nextCursor: null }, 201);
  });
  api.openapi(declineRoute, async (c) => {
    const { id, invitationId } = c.req.valid("param");
    const reason = c.req.valid("json")?.reason;
    await declineInvitation(c.var.ctx, { incident: id, invitationId, reason });
    return c.body(null, 204);
  });
}

const notificationsTag = ["Notifications"];
const notificationsRoute = apiRoute({
  method: "get",
  path: "/notifications",
  tags: notificationsTag,
  summary: "One's own notifications, newest first",
  request: { query: listQuery },
  responses: answers(200, "A page of them", notificationList),
});
const reachRoute = apiRoute({
  method: "patch",
  path: "/notifications",
  tags: notificationsTag,
  summary: "Choose how one is reached while absent",
  request: { body: jsonBody(changeReachInput) },
  responses: gone,
});
const seeRoute = apiRoute({
  method: "post",
  path: "/notifications/{id}/seen",
  tags: notificationsTag,
  summary: "Mark one of one's own notifications as seen",
  request: { params: idParam },
  responses: answers(200, "The notification", notificationView),
});
const seeAllRoute = apiRoute({
  method: "post",
  path: "/notifications/seen",
  tags: notificationsTag,
  summary: "Mark all of one's own notifications as seen",
  responses: gone,
});

/** One's own notifications. */
export function registerNotificationRoutes(api: Api): void {
  api.openapi(notificationsRoute, async (c) => c.json(await listNotifications(c.var.ctx, c.req.valid("query")), 200));
  api.openapi(reachRoute, async (c) => {
    await chooseReach(c.var.ctx, c.req.valid("json").reachBy);
    return c.body(null, 204);
  });
  api.openapi(seeRoute, async (c) => {
    const id = requireUuid(c.req.valid("param").id, "notification");
    await seeNotification(c.var.ctx, id);
    return c.json(await readNotification(c.var.ctx, id), 200);
  });
  api.openapi(seeAllRoute, async (c) => {
    await seeAllNotifications(c.var.ctx);
    return c.body(null, 204);
  });
}
