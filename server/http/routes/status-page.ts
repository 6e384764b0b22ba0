import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { AppError, isAppError } from "#/server/platform/errors.ts";
import { type FormAnswer, PAGE_POLICY, type StatusPage } from "#/server/status-page/index.ts";
import type { ApiEnv } from "../api.ts";
import { createRateLimit, type RateLimit } from "../rate-limit.ts";

/** A form of one address and some components. */
const FORM_BYTES_MAX = 16 * 1024;
/** Questions to new addresses, all readers together: the form must not become a way to flood mailboxes. */
const REQUESTS_PER_SECOND = 1;
const REQUESTS_BURST = 30;

/** The path with its query, as the page reads it. */
function addressOf(c: Context<ApiEnv>): string {
  const { pathname, search } = new URL(c.req.url);
  return pathname + search;
}

function askedBy(c: Context<ApiEnv>) {
  return { url: addressOf(c), headers: c.req.header() };
}

function answerForm(c: Context<ApiEnv>, answer: FormAnswer): Response {
  return c.body(new Uint8Array(answer.body), answer.status, {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": PAGE_POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  });
}

/** @throws AppError "rate_limited" in words for readers: the limit's own speak of keys. */
function takeTurn(limit: RateLimit): void {
  try {
    limit.take("subscribe", Date.now());
  } catch (error) {
    if (!isAppError(error)) throw error;
    const extra = error.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: error.retryAfterSeconds };
    throw new AppError("rate_limited", "Too many people subscribe at this moment. Try again in a minute.", extra);
  }
}

/** The public page through Hono, and the forms of its subscribers. Needs no account, sets no cookie. */
export function statusPageRoutes(statusPage: StatusPage): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  const limit = createRateLimit(REQUESTS_PER_SECOND, REQUESTS_BURST);
  const { forms } = statusPage;

  routes.on("GET", ["/status", "/status/*", "/api/v2/*", "/history.atom", "/history.rss"], async (c, next) => {
    const answer = await statusPage.respond(addressOf(c), c.req.header());
    if (!answer) return next();
    if (answer.status === 304) return c.body(null, 304, answer.headers);
    return c.body(new Uint8Array(answer.body), answer.status as ContentfulStatusCode, answer.headers);
  });
  routes.options("/api/v2/*", async (c, next) => {
    if (!c.req.path.endsWith(".json")) return next();
    return c.body(null, 204, {
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "GET, HEAD",
      "access-control-allow-headers": "*",
      "access-control-max-age": "86400",
    });
  });

  routes.get("/subscribe", async (c) => answerForm(c, await forms.ask(askedBy(c))));
  routes.post("/subscribe", bodyLimit({ maxSize: FORM_BYTES_MAX }), async (c) => {
    takeTurn(limit);
    const { email, webhook, component } = await c.req.parseBody({ all: true });
    const text = (value: unknown) => (typeof value === "string" ? value : "");
    const components = [component].flat().filter((value) => typeof value === "string");
    const input = { email: text(email), webhook: webhook === undefined ? null : text(webhook), components };
    return answerForm(c, await forms.request(askedBy(c), input));
  });
  routes.get("/subscribe/confirm/:token", async (c) => answerForm(c, await forms.showConfirm(c.req.param("token"))));
  routes.post("/subscribe/confirm/:token", async (c) => answerForm(c, await forms.confirm(c.req.param("token"))));
  routes.get("/unsubscribe/:token", async (c) => answerForm(c, await forms.showLeave(c.req.param("token"))));
  routes.post("/unsubscribe/:token", async (c) => answerForm(c, await forms.leave(c.req.param("token"))));
  const { webhooks } = forms;
  routes.get("/subscribe/webhook/:token", async (c) => answerForm(c, await webhooks.showConfirm(c.req.param("token"))));
  routes.post("/subscribe/webhook/:token", async (c) => answerForm(c, await webhooks.confirm(c.req.param("token"))));
  routes.get("/unsubscribe/webhook/:token", async (c) => answerForm(c, await webhooks.showLeave(c.req.param("token"))));
  routes.post("/unsubscribe/webhook/:token", async (c) => answerForm(c, await webhooks.leave(c.req.param("token"))));
  return routes;
}
