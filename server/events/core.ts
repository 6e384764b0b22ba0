import type { Database } from "#/db/client.ts";
import type { Actor } from "#/server/access/index.ts";
import type { Config } from "#/server/platform/config.ts";
import type { Log } from "#/server/platform/log.ts";
import type { Queue } from "#/server/platform/queue.ts";
import type { FactBus } from "./facts.ts";
import type { EventHandlers } from "./handlers.ts";

/** What one running server has, wired once by `main.ts`. */
export type Core = {
  readonly config: Config;
  readonly db: Database;
  readonly queue: Queue;
  readonly facts: FactBus;
  readonly handlers: EventHandlers;
  readonly log: Log;
  now(): Date;
};

/** What a command gets: the server, who asks, and the request it belongs to. */
export type Ctx = Core & { readonly actor: Actor; readonly requestId: string };

/** A command's context for an actor. */
export function ctxFor(core: Core, actor: Actor, requestId = ""): Ctx {
  return { ...core, now: () => core.now(), actor, requestId };
}
