import { z } from "@hono/zod-openapi";
import { audienceView, changeAudienceInput, createAudienceInput } from "#/server/audience/contract.ts";
import { changeAudience, createAudience, listAudiences, removeAudience } from "#/server/audience/index.ts";
import { audienceChoiceView } from "#/server/updates/contract.ts";
import { incidentAudiences } from "#/server/updates/index.ts";
import { type Api, answers, apiRoute, gone, idParam, jsonBody, listOf, requireUuid } from "../api.ts";

const tags = ["Audiences"];

const listRoute = apiRoute({
  method: "get",
  path: "/audiences",
  tags,
  summary: "The named audiences; the public page and internal followers are always there beside them",
  responses: answers(200, "All named audiences", listOf(audienceView)),
});
const createRoute = apiRoute({
  method: "post",
  path: "/audiences",
  tags,
  summary: "Add a named audience",
  request: { body: jsonBody(createAudienceInput) },
  responses: answers(201, "The audience", audienceView),
});
const changeRoute = apiRoute({
  method: "patch",
  path: "/audiences/{id}",
  tags,
  summary: "Change an audience; what is left out stays, and whether it is public stays always",
  request: { params: idParam, body: jsonBody(changeAudienceInput) },
  responses: answers(200, "The audience", audienceView),
});
const removeRoute = apiRoute({
  method: "delete",
  path: "/audiences/{id}",
  tags,
  summary: "Delete an audience; what it was told stays",
  request: { params: idParam },
  responses: gone,
});
const choiceRoute = apiRoute({
  method: "get",
  path: "/incidents/{id}/audiences",
  tags,
  summary: "Whom an update about an incident reaches, by which ways, and which audiences hear by themselves",
  request: {
    params: idParam,
    query: z.object({
      /** Ids of the components that the update would name, with commas between them. */
      components: z.string().max(10_000).optional(),
    }),
  },
  responses: answers(200, "All audiences", listOf(audienceChoiceView)),
});

/** Who hears of updates. */
export function registerAudienceRoutes(api: Api): void {
  api.openapi(listRoute, async (c) => {
    return c.json({ items: await listAudiences(c.var.ctx.db.read, c.var.ctx), nextCursor: null }, 200);
  });
  api.openapi(createRoute, async (c) => c.json(await createAudience(c.var.ctx, c.req.valid("json")), 201));
  api.openapi(changeRoute, async (c) => {
    const id = requireUuid(c.req.valid("param").id, "audience");
    return c.json(await changeAudience(c.var.ctx, id, c.req.valid("json")), 200);
  });
  api.openapi(removeRoute, async (c) => {
    await removeAudience(c.var.ctx, requireUuid(c.req.valid("param").id, "audience"));
    return c.body(null, 204);
  });
  api.openapi(choiceRoute, async (c) => {
    const named = c.req.valid("query").components?.split(",").filter(Boolean) ?? [];
    const items = await incidentAudiences(c.var.ctx, c.req.valid("param").id, named);
    return c.json({ items, nextCursor: null }, 200);
  });
}
