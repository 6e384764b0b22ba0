import { z } from "@hono/zod-openapi";
import type { Documents } from "#/server/documents/index.ts";
import { addNoteInput, timelineEntryView } from "#/server/timeline/contract.ts";
import { addNote, deleteNote, listTimeline } from "#/server/timeline/index.ts";
import { type Api, answers, apiRoute, gone, idParam, jsonBody, listOf, listQuery, requireUuid } from "../api.ts";

const tags = ["Timeline"];
const noteParam = idParam.extend({ noteId: z.string().max(100) });

const listRoute = apiRoute({
  method: "get",
  path: "/incidents/{id}/timeline",
  tags,
  summary: "Events and notes, by sequence number; `afterSeq` gives what was missed",
  request: {
    params: idParam,
    query: listQuery.extend({ afterSeq: z.coerce.number().int().min(0).optional() }),
  },
  responses: answers(200, "A page of the timeline", listOf(timelineEntryView)),
});
const addRoute = apiRoute({
  method: "post",
  path: "/incidents/{id}/timeline",
  tags,
  summary: "Add a note",
  request: { params: idParam, body: jsonBody(addNoteInput) },
  responses: answers(201, "The note", timelineEntryView),
});
const deleteRoute = apiRoute({
  method: "delete",
  path: "/incidents/{id}/timeline/{noteId}",
  tags,
  summary: "Delete one's own note; its place stays",
  request: { params: noteParam },
  responses: gone,
});

/** The timeline of an incident. */
export function registerTimelineRoutes(api: Api, documents: Documents): void {
  api.openapi(listRoute, async (c) => {
    const query = c.req.valid("query");
    return c.json(await listTimeline(c.var.ctx, { incident: c.req.valid("param").id, ...query }), 200);
  });
  api.openapi(addRoute, async (c) => {
    const note = await addNote(c.var.ctx, documents, { incident: c.req.valid("param").id, ...c.req.valid("json") });
    return c.json(note, 201);
  });
  api.openapi(deleteRoute, async (c) => {
    const { id, noteId } = c.req.valid("param");
    await deleteNote(c.var.ctx, documents, { incident: id, noteId: requireUuid(noteId, "note") });
    return c.body(null, 204);
  });
}
