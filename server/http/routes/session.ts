import type { UserActor } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { type Api, answers, apiRoute, gone, idParam, jsonBody, listOf, requireUuid } from "#/server/http/api.ts";
import { completeSetupInput, type MeView, meView, sessionView, userView } from "#/server/people/contract.ts";
import { completeSetup, listOwnSessions, revokeSession } from "#/server/people/index.ts";
import { AppError } from "#/server/platform/errors.ts";

const tags = ["Session"];

const meRoute = apiRoute({
  method: "get",
  path: "/session",
  tags,
  summary: "Who asks; `scopes` is empty when nothing but the role limits them",
  responses: answers(200, "The person and the scopes", meView),
});

const listRoute = apiRoute({
  method: "get",
  path: "/sessions",
  tags,
  summary: "One's own sessions, the last one seen first",
  responses: answers(200, "The sessions", listOf(sessionView)),
});

const revokeRoute = apiRoute({
  method: "delete",
  path: "/sessions/{id}",
  tags,
  summary: "End one of one's own sessions",
  request: { params: idParam },
  responses: gone,
});

const setupRoute = apiRoute({
  method: "post",
  path: "/setup",
  tags,
  summary: "Make the first owner by the one-time link that is printed at the start; needs no sign-in",
  security: [],
  request: { body: jsonBody(completeSetupInput) },
  responses: answers(201, "The owner", userView),
});

function requirePerson(ctx: Ctx): UserActor {
  if (ctx.actor.kind === "user") return ctx.actor;
  throw new AppError("unauthenticated", "Sign in first.");
}

function presentMe(actor: UserActor): MeView {
  const { userId: id, name, email, role } = actor;
  return { user: { id, name, email, role }, scopes: [...(actor.scopes ?? [])] };
}

/** `/api/v1/session`, `/api/v1/sessions`, and `/api/v1/setup`, the one address that needs no sign-in. */
export function registerSessionRoutes(api: Api): void {
  api.openapi(meRoute, async (c) => c.json(presentMe(requirePerson(c.var.ctx)), 200));
  api.openapi(listRoute, async (c) => {
    const { ctx } = c.var;
    const items = await listOwnSessions(ctx.db.read, ctx, requirePerson(ctx));
    return c.json({ items, nextCursor: null }, 200);
  });
  api.openapi(revokeRoute, async (c) => {
    await revokeSession(c.var.ctx, { id: requireUuid(c.req.valid("param").id, "session") });
    return c.body(null, 204);
  });
  api.openapi(setupRoute, async (c) => c.json(await completeSetup(c.var.ctx, c.req.valid("json")), 201));
}
