import { z } from "@hono/zod-openapi";
import type { Documents } from "#/server/documents/index.ts";
import {
  addNoteInput,
  changeEntryInput,
  noteVersionText,
  noteVersionView,
  timelineEntryView,
  timelineRangeQuery,
} from "#/server/timeline/contract.ts";
import {
  addNote,
  changeEntry,
  deleteNote,
  findEntry,
  listNoteVersions,
  listTimeline,
  readNoteVersion,
  restoreNoteVersion,
} from "#/server/timeline/index.ts";
import { type Api, answers, apiRoute, gone, idParam, jsonBody, listOf, listQuery, requireUuid } from "../api.ts";

const tags = ["Timeline"];
const path = "/incidents/{id}/timeline";
const entryPath = `${path}/{entryId}` as const;
const notePath = `${path}/{noteId}` as const;
const entryParam = idParam.extend({ entryId: z.string().max(100) });
const noteParam = idParam.extend({ noteId: z.string().max(100) });
// A row that cannot be names no version: the answer is "not found", not "invalid".
const versionParam = noteParam.extend({ seq: z.string().max(100).openapi({ type: "string", pattern: "^\\d{1,9}$" }) });
const seqOf = (seq: string) => (/^\d{1,9}$/.test(seq) ? Number(seq) : 0);

const listRoute = apiRoute({
  method: "get",
  path,
  tags,
  summary: "Events and notes, by sequence number; `afterSeq` gives what was missed, `beforeSeq` what came before",
  request: { params: idParam, query: listQuery.extend(timelineRangeQuery.shape) },
  responses: answers(200, "A page of the timeline", listOf(timelineEntryView)),
});
const addRoute = apiRoute({
  method: "post",
  path,
  tags,
  summary: "Add a note",
  request: { params: idParam, body: jsonBody(addNoteInput) },
  responses: answers(201, "The note", timelineEntryView),
});
const readRoute = apiRoute({
  method: "get",
  path: entryPath,
  tags,
  summary: "One entry by its id, or the one nearest to an instant",
  request: { params: entryParam },
  responses: answers(200, "The entry", timelineEntryView),
});
const changeRoute = apiRoute({
  method: "patch",
  path: entryPath,
  tags,
  summary: "Mark a note, pin an entry, or correct when a note happened",
  request: { params: entryParam, body: jsonBody(changeEntryInput) },
  responses: answers(200, "The entry", timelineEntryView),
});
const deleteRoute = apiRoute({
  method: "delete",
  path: notePath,
  tags,
  summary: "Delete one's own note; its place stays",
  request: { params: noteParam },
  responses: gone,
});
const versionsRoute = apiRoute({
  method: "get",
  path: `${notePath}/versions`,
  tags,
  summary: "What a note was, newest first",
  request: { params: noteParam, query: listQuery },
  responses: answers(200, "A page of versions", listOf(noteVersionView)),
});
const versionRoute = apiRoute({
  method: "get",
  path: `${notePath}/versions/{seq}`,
  tags,
  summary: "A note's text as of a version",
  request: { params: versionParam },
  responses: answers(200, "The version", noteVersionText),
});
const restoreRoute = apiRoute({
  method: "post",
  path: `${notePath}/versions/{seq}/restore`,
  tags,
  summary: "Bring back what a note was, as one more edit",
  request: { params: versionParam },
  responses: answers(200, "The note", timelineEntryView),
});

function registerEntryRoutes(api: Api, documents: Documents): void {
  api.openapi(listRoute, async (c) => {
    const query = c.req.valid("query");
    return c.json(await listTimeline(c.var.ctx, { incident: c.req.valid("param").id, ...query }), 200);
  });
  api.openapi(addRoute, async (c) => {
    const { repeatId } = c.var;
    const note = await addNote(c.var.ctx, documents, {
      incident: c.req.valid("param").id,
      ...(repeatId && { id: repeatId }),
      ...c.req.valid("json"),
    });
    return c.json(note, 201);
  });
  api.openapi(readRoute, async (c) => {
    const { id, entryId } = c.req.valid("param");
    return c.json(await findEntry(c.var.ctx, { incident: id, entry: entryId }), 200);
  });
  api.openapi(changeRoute, async (c) => {
    const { id, entryId } = c.req.valid("param");
    const change = c.req.valid("json");
    return c.json(await changeEntry(c.var.ctx, { incident: id, entryId: requireUuid(entryId, "entry"), change }), 200);
  });
  api.openapi(deleteRoute, async (c) => {
    const { id, noteId } = c.req.valid("param");
    await deleteNote(c.var.ctx, documents, { incident: id, noteId: requireUuid(noteId, "note") });
    return c.body(null, 204);
  });
}

/** The timeline of an incident, and the history of its notes. */
export function registerTimelineRoutes(api: Api, documents: Documents): void {
  registerEntryRoutes(api, documents);
  api.openapi(versionsRoute, async (c) => {
    const { id, noteId } = c.req.valid("param");
    return c.json(await listNoteVersions(c.var.ctx, { incident: id, noteId, ...c.req.valid("query") }), 200);
  });
  api.openapi(versionRoute, async (c) => {
    const { id, noteId, seq } = c.req.valid("param");
    return c.json(await readNoteVersion(c.var.ctx, { incident: id, noteId, seq: seqOf(seq) }), 200);
  });
  api.openapi(restoreRoute, async (c) => {
    const { id, noteId, seq } = c.req.valid("param");
    return c.json(await restoreNoteVersion(c.var.ctx, documents, { incident: id, noteId, seq: seqOf(seq) }), 200);
  });
}
