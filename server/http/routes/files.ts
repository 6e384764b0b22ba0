import { z } from "@hono/zod-openapi";
import { fileView } from "#/server/files/contract.ts";
import { addFile, listFiles, readChunks, removeFile, requireFile } from "#/server/files/index.ts";
import { type Api, answers, apiRoute, gone, idParam, listOf, listQuery } from "../api.ts";
import { fileHeaders } from "../file-headers.ts";
import { formFile } from "../form-file.ts";

const tags = ["Files"];
const path = "/incidents/{id}/files";
const fileParam = idParam.extend({ fileId: z.string().max(100) });
const bytes = z.string().openapi({ format: "binary" });

const listRoute = apiRoute({
  method: "get",
  path,
  tags,
  summary: "The files of an incident, oldest first",
  request: { params: idParam, query: listQuery },
  responses: answers(200, "A page of the files", listOf(fileView)),
});
const addRoute = apiRoute({
  method: "post",
  path,
  tags,
  summary: "Add a file of up to 10 MiB; what it is, its bytes say",
  request: { params: idParam },
  // Said, not checked: the route reads the form itself, without copying it.
  requestBody: {
    required: true,
    content: {
      "multipart/form-data": {
        schema: { type: "object", required: ["file"], properties: { file: { type: "string", format: "binary" } } },
      },
    },
  },
  responses: answers(201, "The file", fileView),
});
const readRoute = apiRoute({
  method: "get",
  path: `${path}/{fileId}`,
  tags,
  summary: "A file's bytes: images and plain text to be shown, everything else to be saved",
  request: { params: fileParam },
  responses: { 200: { description: "The bytes", content: { "application/octet-stream": { schema: bytes } } } },
});
const removeRoute = apiRoute({
  method: "delete",
  path: `${path}/{fileId}`,
  tags,
  summary: "Remove one's own file for good; links to it say so",
  request: { params: fileParam },
  responses: gone,
});

/** Each chunk is read when the one before it is on its way. */
function streamOf(chunks: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await chunks.return(undefined);
    },
  });
}

/** `/api/v1/incidents/{id}/files`. */
export function registerFileRoutes(api: Api): void {
  api.openapi(listRoute, async (c) => {
    const { id } = c.req.valid("param");
    return c.json(await listFiles(c.var.ctx, { incident: id, ...c.req.valid("query") }), 200);
  });
  api.openapi(addRoute, async (c) => {
    const file = formFile(c.var.rawBody ?? new Uint8Array(), c.req.header("content-type") ?? "");
    const added = await addFile(c.var.ctx, { incident: c.req.valid("param").id, ...file });
    return c.json(added, 201, { location: added.url });
  });
  api.openapi(readRoute, async (c) => {
    const { ctx } = c.var;
    const { id, fileId } = c.req.valid("param");
    const file = await requireFile(ctx.db.read, ctx, { incident: id, fileId });
    const headers = fileHeaders(file);
    const known = (c.req.header("if-none-match") ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
    if (known.includes(headers.etag) || known.includes("*")) return c.body(null, 304 as 200, headers);
    if (c.req.method === "HEAD") return c.body(null, 200, headers);
    return c.body(streamOf(readChunks(ctx.db.read, { id: file.id, size: file.sizeBytes })), 200, headers);
  });
  api.openapi(removeRoute, async (c) => {
    const { id, fileId } = c.req.valid("param");
    await removeFile(c.var.ctx, { incident: id, fileId });
    return c.body(null, 204);
  });
}
