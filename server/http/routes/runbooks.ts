import { z } from "@hono/zod-openapi";
import type { Ctx } from "#/server/events/index.ts";
import {
  type RunbookTextView,
  runbookTextView,
  runbookView,
  undoRunbookTasksInput,
} from "#/server/runbooks/contract.ts";
import { checklistOf, presentRunbooks, runbookOf, runbooksOf } from "#/server/runbooks/index.ts";
import { taskView } from "#/server/tasks/contract.ts";
import { listTasks, makeRunbookTasks, undoRunbookTasks } from "#/server/tasks/index.ts";
import { renderMarkdown } from "#/server/timeline/render-markdown.ts";
import { type Api, answers, apiRoute, idParam, jsonBody, listOf } from "../api.ts";
import { incidentOf } from "./incidents.ts";

const path = "/incidents/{id}/runbooks";
const tags = ["Runbooks"];
const runbookParam = idParam.extend({ runbookId: z.string().min(1).max(100) });

const listRoute = apiRoute({
  method: "get",
  path,
  tags,
  summary: "The runbooks of its services and alerts",
  request: { params: idParam },
  responses: answers(200, "Its runbooks", listOf(runbookView)),
});
const readRoute = apiRoute({
  method: "get",
  path: `${path}/{runbookId}`,
  tags,
  summary: "One runbook with its text",
  request: { params: runbookParam },
  responses: answers(200, "The runbook", runbookTextView),
});
const makeRoute = apiRoute({
  method: "post",
  path: `${path}/{runbookId}/tasks`,
  tags,
  summary: "Make tasks of its checklist; a second time only of what is new",
  request: { params: runbookParam },
  responses: answers(201, "The tasks that were made", listOf(taskView)),
});
const undoRoute = apiRoute({
  method: "post",
  path: `${path}/{runbookId}/tasks/undo`,
  tags,
  summary: "Take back tasks made of its checklist that nobody has touched",
  request: { params: runbookParam, body: jsonBody(undoRunbookTasksInput) },
  responses: answers(200, "How many went", z.object({ removed: z.number() })),
});

async function readRunbook(ctx: Ctx, incident: string, runbookId: string): Promise<RunbookTextView> {
  const { id } = await incidentOf(ctx, incident);
  const runbook = await runbookOf(ctx.db.read, id, runbookId);
  const [view] = await presentRunbooks(ctx.db.read, id, [runbook]);
  if (!view) throw new Error("a runbook was not presented");
  const { isCut } = checklistOf(runbook.text);
  return { ...view, markdown: runbook.text, html: renderMarkdown(runbook.text, id), isCut };
}

/** Runbooks within an incident. */
export function registerRunbookRoutes(api: Api): void {
  api.openapi(listRoute, async (c) => {
    const { ctx } = c.var;
    const { id } = await incidentOf(ctx, c.req.valid("param").id);
    const items = await presentRunbooks(ctx.db.read, id, await runbooksOf(ctx.db.read, id));
    return c.json({ items, nextCursor: null }, 200);
  });
  api.openapi(readRoute, async (c) => {
    const { id, runbookId } = c.req.valid("param");
    return c.json(await readRunbook(c.var.ctx, id, runbookId), 200);
  });
  api.openapi(makeRoute, async (c) => {
    const { ctx } = c.var;
    const { id, runbookId } = c.req.valid("param");
    const made = new Set(await makeRunbookTasks(ctx, { incident: id, runbookId }));
    const incident = await incidentOf(ctx, id);
    const items = (await listTasks(ctx.db.read, incident.id)).filter((task) => made.has(task.id));
    return c.json({ items, nextCursor: null }, 201);
  });
  api.openapi(undoRoute, async (c) => {
    const { id, runbookId } = c.req.valid("param");
    const { taskIds } = c.req.valid("json");
    return c.json({ removed: await undoRunbookTasks(c.var.ctx, { incident: id, runbookId, taskIds }) }, 200);
  });
}
