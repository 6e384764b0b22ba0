import type { HttpBindings } from "@hono/node-server";
import { createRoute, OpenAPIHono, type RouteConfig, z } from "@hono/zod-openapi";
import type { Ctx } from "#/server/events/index.ts";
import { AppError } from "#/server/platform/errors.ts";

/** What the middlewares put beside a request. */
export type ApiEnv = {
  Bindings: HttpBindings;
  Variables: { ctx: Ctx; requestId: string; rawBody?: Uint8Array; repeatId?: string };
};
export type Api = OpenAPIHono<ApiEnv>;

type Issue = { path: PropertyKey[]; message: string };

/** RFC 6901 pointer of a field in the body. */
function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** The error that says which fields are wrong. */
export function invalidInput(issues: readonly Issue[]): AppError {
  const errors = issues.map((issue) => ({ pointer: pointerOf(issue.path), detail: issue.message }));
  const first = errors[0];
  const detail = first ? `${first.pointer || "The body"}: ${first.detail}` : "The request is not valid.";
  return new AppError("invalid", detail, { errors });
}

/** An API of one or more routes; what does not fit a route's schema is an "invalid" error. */
export function createApi(): Api {
  return new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (!result.success) throw invalidInput(result.error.issues);
    },
  });
}

const LIST_LIMIT_DEFAULT = 50;
const LIST_LIMIT_MAX = 200;

/** The query of every list: `cursor` from the page before, `limit` clamped to 1–200. */
export const listQuery = z.object({
  cursor: z.string().max(500).optional(),
  limit: z.coerce
    .number()
    .int()
    .default(LIST_LIMIT_DEFAULT)
    .transform((limit) => Math.min(Math.max(limit, 1), LIST_LIMIT_MAX))
    .openapi({ type: "integer", minimum: 1, maximum: LIST_LIMIT_MAX, default: LIST_LIMIT_DEFAULT }),
});

/** A page of a list. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number(),
    detail: z.string(),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  })
  .openapi("Problem");

/** The answer of every route that fails. */
export const problems = {
  default: { description: "A problem (RFC 9457)", content: { "application/problem+json": { schema: problemSchema } } },
} as const;

/** A JSON body that must be there. */
export function jsonBody<T extends z.ZodType>(schema: T) {
  return { content: { "application/json": { schema } }, required: true } as const;
}

/** One good answer in JSON. */
export function answers<S extends number, T extends z.ZodType>(status: S, description: string, schema: T) {
  return { [status]: { description, content: { "application/json": { schema } } } } as Record<
    S,
    { description: string; content: { "application/json": { schema: T } } }
  >;
}

/** The answer without a body. */
export const gone = { 204: { description: "Done; nothing to say" } } as const;

/** A route of the API: `createRoute` with the problem answer added. */
export function apiRoute<R extends RouteConfig>(config: R): R & { getRoutingPath(): string } {
  // The problem answer is in the document only: routes return good answers and throw the others.
  return createRoute({ ...config, responses: { ...problems, ...config.responses } }) as unknown as R & {
    getRoutingPath(): string;
  };
}

/** `{id}` of a row. */
export const idParam = z.object({ id: z.string().min(1).max(100) });

/** A row id that cannot be a UUID names nothing. @throws AppError "not_found" */
export function requireUuid(id: string, what: string): string {
  if (!/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(id)) {
    throw new AppError("not_found", `There is no such ${what}.`);
  }
  return id.toLowerCase();
}
