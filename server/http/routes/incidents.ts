import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { requireAbility } from "#/server/access/index.ts";
import type { Documents } from "#/server/documents/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import {
  changeIncidentInput,
  createIncidentInput,
  incidentView,
  listIncidentsQuery,
} from "#/server/incidents/contract.ts";
import {
  addMember,
  changeIncident,
  createIncident,
  findIncident,
  findIncidentOrTarget,
  type IncidentRow,
  listIncidents,
  listMembers,
  presentIncident,
  presentIncidents,
  removeMember,
} from "#/server/incidents/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { type Api, type ApiEnv, answers, apiRoute, gone, idParam, jsonBody, listOf, listQuery } from "../api.ts";

const tags = ["Incidents"];
const one = answers(200, "The incident", incidentView);
const memberParam = idParam.extend({ userId: z.string().max(100) });

/** The version that a client saw, from its `If-Match`; undefined without one. */
function seenVersion(c: Context<ApiEnv>): number | undefined {
  const header = c.req.header("if-match");
  if (!header || header === "*") return undefined;
  const match = /^(?:W\/)?"v(\d+)"$/.exec(header.trim());
  if (!match) throw new AppError("stale", "If-Match does not name a version of this incident.");
  return Number(match[1]);
}

/** An incident as it stands now, with its ETag. */
export async function answerIncident(c: Context<ApiEnv>, row: IncidentRow, mergedFrom?: string) {
  const view = await presentIncident(c.var.ctx.db.read, row);
  c.header("etag", `"v${view.version}"`);
  return mergedFrom ? { ...view, mergedFrom } : view;
}

/** The summary is a shared document: what the API sets is written into it, where people see it while they type. */
async function writeSummary(
  documents: Documents,
  ctx: Ctx,
  incidentId: string,
  summary: string | undefined,
): Promise<void> {
  if (summary === undefined) return;
  await documents.edit(ctx, { incidentId, kind: "summary" }, (doc) => {
    const text = doc.getText("text");
    if (text.toString() === summary) return;
    text.delete(0, text.length);
    text.insert(0, summary);
  });
}

const listRoute = apiRoute({
  method: "get",
  path: "/incidents",
  tags,
  summary: "List incidents, newest first",
  request: { query: listQuery.extend(listIncidentsQuery.shape) },
  responses: answers(200, "A page of incidents", listOf(incidentView)),
});
const createIncidentRoute = apiRoute({
  method: "post",
  path: "/incidents",
  tags,
  summary: "Declare an incident",
  request: { body: jsonBody(createIncidentInput) },
  responses: answers(201, "The new incident", incidentView),
});
const getRoute = apiRoute({
  method: "get",
  path: "/incidents/{id}",
  tags,
  summary: "Read an incident by id or reference",
  request: { params: idParam },
  responses: one,
});
const changeRoute = apiRoute({
  method: "patch",
  path: "/incidents/{id}",
  tags,
  summary: "Change fields of an incident",
  request: { params: idParam, body: jsonBody(changeIncidentInput) },
  responses: one,
});
const membersRoute = apiRoute({
  method: "get",
  path: "/incidents/{id}/members",
  tags,
  summary: "Who may see a private incident",
  request: { params: idParam },
  responses: answers(200, "Its members", listOf(z.object({ id: z.string(), name: z.string() }))),
});
const addMemberRoute = apiRoute({
  method: "put",
  path: "/incidents/{id}/members/{userId}",
  tags,
  summary: "Let a person see a private incident",
  request: { params: memberParam },
  responses: gone,
});
const removeMemberRoute = apiRoute({
  method: "delete",
  path: "/incidents/{id}/members/{userId}",
  tags,
  summary: "Take that away",
  request: { params: memberParam },
  responses: gone,
});

/** Reading, declaring and changing incidents, and who may see private ones. */
export function registerIncidentRoutes(api: Api, documents: Documents): void {
  api.openapi(listRoute, async (c) => {
    const { db } = c.var.ctx;
    const page = await listIncidents(db.read, c.var.ctx, c.req.valid("query"));
    return c.json({ items: await presentIncidents(db.read, page.items), nextCursor: page.nextCursor }, 200);
  });
  api.openapi(createIncidentRoute, async (c) => {
    const input = c.req.valid("json");
    const row = await createIncident(c.var.ctx, input);
    if (input.summary) await writeSummary(documents, c.var.ctx, row.id, input.summary);
    return c.json(await answerIncident(c, row), 201);
  });
  api.openapi(getRoute, async (c) => {
    requireAbility(c.var.ctx.actor, "incidents.read");
    const { row, mergedFrom } = await findIncidentOrTarget(c.var.ctx.db.read, c.var.ctx, c.req.valid("param").id);
    return c.json(await answerIncident(c, row, mergedFrom), 200);
  });
  api.openapi(changeRoute, async (c) => {
    const change = c.req.valid("json");
    const row = await changeIncident(c.var.ctx, {
      incident: c.req.valid("param").id,
      change,
      ifVersion: seenVersion(c),
    });
    await writeSummary(documents, c.var.ctx, row.id, change.summary);
    return c.json(await answerIncident(c, row), 200);
  });
  api.openapi(membersRoute, async (c) => {
    requireAbility(c.var.ctx.actor, "incidents.read");
    const items = await listMembers(c.var.ctx.db.read, c.var.ctx, c.req.valid("param").id);
    return c.json({ items, nextCursor: null }, 200);
  });
  api.openapi(addMemberRoute, async (c) => {
    const { id, userId } = c.req.valid("param");
    await addMember(c.var.ctx, { incident: id, userId });
    return c.body(null, 204);
  });
  api.openapi(removeMemberRoute, async (c) => {
    const { id, userId } = c.req.valid("param");
    await removeMember(c.var.ctx, { incident: id, userId });
    return c.body(null, 204);
  });
}

/** Reads the incident of a path for a route below it; checks that the actor may read it. */
export async function incidentOf(ctx: Ctx, key: string): Promise<IncidentRow> {
  requireAbility(ctx.actor, "incidents.read");
  return findIncident(ctx.db.read, ctx, key);
}
