import { z } from "@hono/zod-openapi";
import type { Ctx } from "#/server/events/index.ts";
import { roleView } from "#/server/incidents/contract.ts";
import { presentIncident } from "#/server/incidents/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import {
  claimRoleInput,
  declineRoleInput,
  offerRoleInput,
  roleName,
  takeOverRoleInput,
} from "#/server/roster/contract.ts";
import {
  acceptRole,
  claimRole,
  declineRole,
  offerRole,
  releaseRole,
  takeOverRole,
  withdrawOffer,
} from "#/server/roster/index.ts";
import { changeTaskInput, createTaskInput, taskView } from "#/server/tasks/contract.ts";
import { changeTask, createTask, listTasks } from "#/server/tasks/index.ts";
import { type Api, answers, apiRoute, idParam, jsonBody, listOf, requireUuid } from "../api.ts";
import { incidentOf } from "./incidents.ts";

const roleParam = idParam.extend({ role: roleName });
const taskParam = idParam.extend({ taskId: z.string().max(100) });
const role = answers(200, "The role", roleView);
const optionalBody = <T extends z.ZodType>(schema: T) => ({ content: { "application/json": { schema } } });

const rolesRoute = apiRoute({
  method: "get",
  path: "/incidents/{id}/roles",
  tags: ["Roster"],
  summary: "The roster",
  request: { params: idParam },
  responses: answers(200, "Its roles", listOf(roleView)),
});
const claimRoute = apiRoute({
  method: "put",
  path: "/incidents/{id}/roles/{role}",
  tags: ["Roster"],
  summary: "Fill an empty role or one's own; an administrator replaces",
  request: { params: roleParam, body: optionalBody(claimRoleInput) },
  responses: role,
});
const offerRoute = apiRoute({
  method: "post",
  path: "/incidents/{id}/roles/{role}/offer",
  tags: ["Roster"],
  summary: "Offer a role; the holder keeps it until it is accepted",
  request: { params: roleParam, body: jsonBody(offerRoleInput) },
  responses: role,
});
const acceptRoute = apiRoute({
  method: "post",
  path: "/incidents/{id}/roles/{role}/accept",
  tags: ["Roster"],
  summary: "Accept a role offered to oneself",
  request: { params: roleParam },
  responses: role,
});
const declineRoleRoute = apiRoute({
  method: "post",
  path: "/incidents/{id}/roles/{role}/decline",
  tags: ["Roster"],
  summary: "Decline a role offered to oneself; its holder keeps it",
  request: { params: roleParam, body: optionalBody(declineRoleInput) },
  responses: role,
});
const withdrawRoute = apiRoute({
  method: "delete",
  path: "/incidents/{id}/roles/{role}/offer",
  tags: ["Roster"],
  summary: "Take an offer back",
  request: { params: roleParam },
  responses: role,
});
const takeOverRoute = apiRoute({
  method: "post",
  path: "/incidents/{id}/roles/{role}/take-over",
  tags: ["Roster"],
  summary: "Take a role from a holder who has been away for three minutes, with a reason; an administrator at any time",
  request: { params: roleParam, body: jsonBody(takeOverRoleInput) },
  responses: role,
});
const releaseRoute = apiRoute({
  method: "delete",
  path: "/incidents/{id}/roles/{role}",
  tags: ["Roster"],
  summary: "Give a role up",
  request: { params: roleParam },
  responses: role,
});

async function readRole(ctx: Ctx, incident: string, name: string) {
  const view = await presentIncident(ctx.db.read, await incidentOf(ctx, incident));
  const nobody = { holder: null, since: null, offeredTo: null, offeredAt: null, awaySince: null };
  const none = { role: name, ...nobody, isRequired: false };
  return view.roles.find((candidate) => candidate.role === name) ?? none;
}

type RoleOf = { incident: string; role: z.infer<typeof roleName> };

/** Changes a role, and reads what it is then. */
async function changedRole(
  ctx: Ctx,
  { id, role: name }: z.infer<typeof roleParam>,
  change: (of: RoleOf) => Promise<unknown>,
) {
  await change({ incident: id, role: name });
  return readRole(ctx, id, name);
}

/** Claiming and handing over roles. */
export function registerRosterRoutes(api: Api): void {
  api.openapi(rolesRoute, async (c) => {
    const row = await incidentOf(c.var.ctx, c.req.valid("param").id);
    const { roles } = await presentIncident(c.var.ctx.db.read, row);
    return c.json({ items: roles, nextCursor: null }, 200);
  });
  api.openapi(claimRoute, async (c) => {
    const userId = c.req.valid("json")?.userId;
    const claim = (of: RoleOf) => claimRole(c.var.ctx, { ...of, userId });
    return c.json(await changedRole(c.var.ctx, c.req.valid("param"), claim), 200);
  });
  api.openapi(offerRoute, async (c) => {
    const offer = (of: RoleOf) => offerRole(c.var.ctx, { ...of, ...c.req.valid("json") });
    return c.json(await changedRole(c.var.ctx, c.req.valid("param"), offer), 200);
  });
  api.openapi(acceptRoute, async (c) => {
    const accept = (of: RoleOf) => acceptRole(c.var.ctx, of);
    return c.json(await changedRole(c.var.ctx, c.req.valid("param"), accept), 200);
  });
  api.openapi(declineRoleRoute, async (c) => {
    const reason = c.req.valid("json")?.reason;
    const decline = (of: RoleOf) => declineRole(c.var.ctx, { ...of, reason });
    return c.json(await changedRole(c.var.ctx, c.req.valid("param"), decline), 200);
  });
  api.openapi(withdrawRoute, async (c) => {
    const withdraw = (of: RoleOf) => withdrawOffer(c.var.ctx, of);
    return c.json(await changedRole(c.var.ctx, c.req.valid("param"), withdraw), 200);
  });
  api.openapi(takeOverRoute, async (c) => {
    const takeOver = (of: RoleOf) => takeOverRole(c.var.ctx, { ...of, ...c.req.valid("json") });
    return c.json(await changedRole(c.var.ctx, c.req.valid("param"), takeOver), 200);
  });
  api.openapi(releaseRoute, async (c) => {
    const release = (of: RoleOf) => releaseRole(c.var.ctx, of);
    return c.json(await changedRole(c.var.ctx, c.req.valid("param"), release), 200);
  });
}

const tasksRoute = apiRoute({
  method: "get",
  path: "/incidents/{id}/tasks",
  tags: ["Tasks"],
  summary: "The tasks of an incident",
  request: { params: idParam },
  responses: answers(200, "Its tasks", listOf(taskView)),
});
const createTaskRoute = apiRoute({
  method: "post",
  path: "/incidents/{id}/tasks",
  tags: ["Tasks"],
  summary: "Add a task",
  request: { params: idParam, body: jsonBody(createTaskInput) },
  responses: answers(201, "The task", taskView),
});
const changeTaskRoute = apiRoute({
  method: "patch",
  path: "/incidents/{id}/tasks/{taskId}",
  tags: ["Tasks"],
  summary: "Change, finish or acknowledge a task",
  request: { params: taskParam, body: jsonBody(changeTaskInput) },
  responses: answers(200, "The task", taskView),
});

async function readTask(ctx: Ctx, incident: string, taskId: string) {
  const row = await incidentOf(ctx, incident);
  const task = (await listTasks(ctx.db.read, row.id)).find((candidate) => candidate.id === taskId);
  if (!task) throw new AppError("not_found", "There is no such task in this incident.");
  return task;
}

/** Tasks within an incident. */
export function registerTaskRoutes(api: Api): void {
  api.openapi(tasksRoute, async (c) => {
    const row = await incidentOf(c.var.ctx, c.req.valid("param").id);
    return c.json({ items: await listTasks(c.var.ctx.db.read, row.id), nextCursor: null }, 200);
  });
  api.openapi(createTaskRoute, async (c) => {
    const { id } = c.req.valid("param");
    const taskId = await createTask(c.var.ctx, { incident: id, task: c.req.valid("json") });
    return c.json(await readTask(c.var.ctx, id, taskId), 201);
  });
  api.openapi(changeTaskRoute, async (c) => {
    const { id } = c.req.valid("param");
    const taskId = requireUuid(c.req.valid("param").taskId, "task");
    await changeTask(c.var.ctx, { incident: id, taskId, change: c.req.valid("json") });
    return c.json(await readTask(c.var.ctx, id, taskId), 200);
  });
}
