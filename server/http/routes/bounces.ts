import { Hono } from "hono";
import type { Core } from "#/server/events/index.ts";
import { isBounceToken } from "#/server/notify/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { recordBounce } from "#/server/updates/index.ts";
import type { ApiEnv } from "../api.ts";
import { readUpTo } from "../middleware/read-up-to.ts";
import { createRateLimit } from "../rate-limit.ts";

/** A report quotes one of our mails, which has some kilobytes. */
export const BOUNCE_BYTES_MAX = 1024 * 1024;
const BODY = { max: BOUNCE_BYTES_MAX, what: "A mail that came back has at most 1 MiB here." };
/** What a mailing to every subscriber can bring back at once; the rest waits in the mail server's queue. */
const BOUNCES_PER_SECOND = 20;
const BOUNCES_BURST = 500;

/** The door for mail that came back: its bytes as they are, as a mail server's pipe or forwarder sends them. */
export function bounceRoutes(core: Core): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  const limit = createRateLimit(BOUNCES_PER_SECOND, BOUNCES_BURST);
  routes.post("/bounces/:token", async (c) => {
    if (!isBounceToken(core.config, c.req.param("token"))) {
      throw new AppError("not_found", "There is nothing at this address.");
    }
    limit.take("bounces", Date.now());
    const { body } = c.req.raw;
    if (!body) throw new AppError("invalid", "The body is the mail that came back, as it is.");
    const recorded = await recordBounce(core, await readUpTo(body, BODY));
    return c.json({ recorded }, 202);
  });
  return routes;
}
