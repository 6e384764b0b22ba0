import { type Api, answers, apiRoute, listOf, listQuery } from "#/server/http/api.ts";
import { auditEntryView, auditQuery } from "#/server/people/contract.ts";
import { listAudit } from "#/server/people/index.ts";

const listRoute = apiRoute({
  method: "get",
  path: "/audit",
  tags: ["Administration"],
  summary: "Who did what, newest first",
  request: { query: listQuery.extend(auditQuery.shape) },
  responses: answers(200, "A page of the audit log", listOf(auditEntryView)),
});

/** `/api/v1/audit`. */
export function registerAuditRoutes(api: Api): void {
  api.openapi(listRoute, async (c) => {
    const { ctx } = c.var;
    return c.json(await listAudit(ctx.db.read, ctx, c.req.valid("query")), 200);
  });
}
