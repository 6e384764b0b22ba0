import { z } from "@hono/zod-openapi";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Documents } from "#/server/documents/index.ts";
import type { Core } from "#/server/events/index.ts";
import { type ApprovalAnswer, decideByApprovalLink, showApprovalLink } from "#/server/notifications/index.ts";
import { LINK_PAGE_POLICY } from "#/server/notify/index.ts";
import {
  approvePlanned,
  bypassApproval,
  cancelPlanned,
  changePace,
  changePlanned,
  declinePlanned,
  emptyDraft,
  pagePlanned,
  planUpdate,
} from "#/server/updates/index.ts";
import {
  approvePlannedInput,
  bypassApprovalInput,
  changePlannedInput,
  declinePlannedInput,
  plannedUpdateView,
  planUpdateInput,
  updateRulesView,
} from "#/server/updates/planned/contract.ts";
import { paces } from "#/server/updates/shared/cadence.ts";
import {
  type Api,
  type ApiEnv,
  answers,
  apiRoute,
  gone,
  idParam,
  jsonBody,
  listOf,
  listQuery,
  requireUuid,
} from "../api.ts";

const tags = ["Updates"];
const path = "/incidents/{id}/planned-updates";
const plannedPath = `${path}/{plannedId}` as const;
const plannedParam = idParam.extend({ plannedId: z.string().min(1).max(100) });
const onePlanned = answers(200, "The planned update", plannedUpdateView);
/** One answer of a form. */
const FORM_BYTES_MAX = 16 * 1024;

const listRoute = apiRoute({
  method: "get",
  path,
  tags,
  summary: "Updates and corrections that wait for approval or for their time, newest first",
  request: {
    params: idParam,
    query: listQuery.extend({
      all: z.enum(["true", "false"]).optional().openapi({ description: "Also what is over" }),
    }),
  },
  responses: answers(200, "The planned updates", listOf(plannedUpdateView)),
});
const planRoute = apiRoute({
  method: "post",
  path,
  tags,
  summary: "Ask for the approval of an update or a correction, schedule it, or both; what needs neither is published",
  request: { params: idParam, body: jsonBody(planUpdateInput) },
  responses: answers(201, "The planned update; `state` says where it stands", plannedUpdateView),
});
const changeRoute = apiRoute({
  method: "patch",
  path: plannedPath,
  tags,
  summary: "Change its text or its time; a new text withdraws the approval and asks anew",
  request: { params: plannedParam, body: jsonBody(changePlannedInput) },
  responses: onePlanned,
});
const approveRoute = apiRoute({
  method: "post",
  path: `${plannedPath}/approve`,
  tags,
  summary: "Approve the version that was read: it is published, or goes out at its time",
  request: { params: plannedParam, body: jsonBody(approvePlannedInput) },
  responses: onePlanned,
});
const declineRoute = apiRoute({
  method: "post",
  path: `${plannedPath}/decline`,
  tags,
  summary: "Decline it with a reason",
  request: { params: plannedParam, body: jsonBody(declinePlannedInput) },
  responses: onePlanned,
});
const bypassRoute = apiRoute({
  method: "post",
  path: `${plannedPath}/bypass`,
  tags,
  summary:
    "Publish it without approval, three minutes after it was asked for at the earliest; the record keeps who and why",
  request: { params: plannedParam, body: jsonBody(bypassApprovalInput) },
  responses: onePlanned,
});
const cancelRoute = apiRoute({
  method: "delete",
  path: plannedPath,
  tags,
  summary: "Take it back, or put away one that was declined or refused",
  request: { params: plannedParam },
  responses: gone,
});
const paceRoute = apiRoute({
  method: "put",
  path: "/incidents/{id}/update-pace",
  tags,
  summary:
    "Let the updates of an incident that lasts over two hours come less often, or as usual again; the commander's to decide",
  request: { params: idParam, body: jsonBody(z.object({ pace: z.enum(paces) })) },
  responses: answers(200, "How updates of the incident are made", updateRulesView),
});

/** Updates before they are out. */
export function registerPlannedUpdateRoutes(api: Api, documents: Documents): void {
  const ids = ({ id, plannedId }: { id: string; plannedId: string }) =>
    [id, requireUuid(plannedId, "planned update")] as const;
  api.openapi(listRoute, async (c) => {
    const { all, ...page } = c.req.valid("query");
    return c.json(await pagePlanned(c.var.ctx, c.req.valid("param").id, { all: all === "true", ...page }), 200);
  });
  api.openapi(planRoute, async (c) => {
    const { ctx } = c.var;
    const input = c.req.valid("json");
    const planned = await planUpdate(ctx, c.req.valid("param").id, input);
    if (input.update?.isDraft) await emptyDraft(ctx, documents, planned.incidentId, input.update.body);
    return c.json(planned, 201);
  });
  api.openapi(changeRoute, async (c) =>
    c.json(await changePlanned(c.var.ctx, ...ids(c.req.valid("param")), c.req.valid("json")), 200),
  );
  api.openapi(approveRoute, async (c) =>
    c.json(await approvePlanned(c.var.ctx, ...ids(c.req.valid("param")), c.req.valid("json")), 200),
  );
  api.openapi(declineRoute, async (c) =>
    c.json(await declinePlanned(c.var.ctx, ...ids(c.req.valid("param")), c.req.valid("json")), 200),
  );
  api.openapi(bypassRoute, async (c) =>
    c.json(await bypassApproval(c.var.ctx, ...ids(c.req.valid("param")), c.req.valid("json")), 200),
  );
  api.openapi(cancelRoute, async (c) => {
    await cancelPlanned(c.var.ctx, ...ids(c.req.valid("param")));
    return c.body(null, 204);
  });
  api.openapi(paceRoute, async (c) =>
    c.json(await changePace(c.var.ctx, c.req.valid("param").id, c.req.valid("json").pace), 200),
  );
}

function answerPage(c: Context<ApiEnv>, { status, html }: ApprovalAnswer): Response {
  return c.body(html, status, {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": LINK_PAGE_POLICY,
    // The address is the permission: it must not reach whatever is opened from here.
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  });
}

const textOf = (value: unknown) => (typeof value === "string" ? value : undefined);

/** Where the link of a message leads: one person reads what they were asked to approve, and decides. */
export function approvalDoors(core: Core): Hono<ApiEnv> {
  const doors = new Hono<ApiEnv>();
  doors.get("/approve/:token", async (c) => answerPage(c, await showApprovalLink(core, c.req.param("token"))));
  doors.post("/approve/:token", bodyLimit({ maxSize: FORM_BYTES_MAX }), async (c) => {
    const { act, version, reason } = await c.req.parseBody();
    const form = { act: textOf(act), version: textOf(version), reason: textOf(reason) };
    return answerPage(c, await decideByApprovalLink(core, c.req.param("token"), form));
  });
  return doors;
}
