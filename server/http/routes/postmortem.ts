import { z } from "@hono/zod-openapi";
import { type Api, answers, apiRoute, idParam, jsonBody } from "#/server/http/api.ts";
import { changePostmortemInput, postmortemView } from "#/server/postmortem/contract.ts";
import {
  addFollowUps,
  changePostmortem,
  type PostmortemDocuments,
  readPostmortem,
  requestPostmortem,
} from "#/server/postmortem/index.ts";
import { wantsMarkdown } from "./wants-markdown.ts";

const path = "/incidents/{id}/postmortem";
const tags = ["After the incident"];

const readRoute = apiRoute({
  method: "get",
  path,
  tags,
  summary: "The postmortem, as JSON or as Markdown by the Accept header",
  request: { params: idParam },
  responses: {
    200: {
      description: "The postmortem as it stands",
      content: { "application/json": { schema: postmortemView }, "text/markdown": { schema: z.string() } },
    },
  },
});

const openRoute = apiRoute({
  method: "post",
  path,
  tags,
  summary: "Open the postmortem of an accepted incident; resolving one does so by itself",
  request: { params: idParam },
  responses: answers(201, "The postmortem, filled from the record", postmortemView),
});

const changeRoute = apiRoute({
  method: "patch",
  path,
  tags,
  summary: "Change the postmortem's state",
  request: { params: idParam, body: jsonBody(changePostmortemInput) },
  responses: answers(200, "The postmortem", postmortemView),
});

const followUpsRoute = apiRoute({
  method: "post",
  path: `${path}/follow-ups`,
  tags,
  summary: "Make an action item of each note that is marked to be followed up and has none",
  request: { params: idParam },
  responses: answers(201, "The postmortem", postmortemView),
});

/** `/api/v1/incidents/{id}/postmortem`. */
export function registerPostmortemRoutes(api: Api, documents: PostmortemDocuments): void {
  api.openapi(readRoute, async (c) => {
    const { id } = c.req.valid("param");
    const postmortem = await readPostmortem(c.var.ctx, documents, { incident: id });
    c.header("vary", "accept");
    if (!wantsMarkdown(c.req.header("accept"))) return c.json(postmortem, 200);
    return c.body(postmortem.markdown, 200, { "content-type": "text/markdown; charset=utf-8" });
  });
  api.openapi(openRoute, async (c) => {
    const { id } = c.req.valid("param");
    await requestPostmortem(c.var.ctx, documents, { incident: id });
    return c.json(await readPostmortem(c.var.ctx, documents, { incident: id }), 201);
  });
  api.openapi(followUpsRoute, async (c) => {
    const { id } = c.req.valid("param");
    await addFollowUps(c.var.ctx, { incident: id });
    return c.json(await readPostmortem(c.var.ctx, documents, { incident: id }), 201);
  });
  api.openapi(changeRoute, async (c) => {
    const { id } = c.req.valid("param");
    await changePostmortem(c.var.ctx, { incident: id, change: c.req.valid("json") });
    return c.json(await readPostmortem(c.var.ctx, documents, { incident: id }), 200);
  });
}
