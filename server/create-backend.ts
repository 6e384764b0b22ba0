import type { Hono } from "hono";
import { actorFrom } from "./access/index.ts";
import type { Backend, BackendResult } from "./backend.ts";
import { type Core, ctxFor } from "./events/index.ts";
import type { ApiEnv } from "./http/api.ts";
import { authBackend } from "./people/index.ts";
import { isAppError, messageOf } from "./platform/errors.ts";
import { readRoom } from "./realtime/room-view.ts";

async function plainly<T>(core: Core, work: () => Promise<T>): Promise<BackendResult<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (isAppError(error)) return { ok: false, code: error.code, message: error.message };
    core.log.error({ error: messageOf(error) }, "a page could not be read");
    return { ok: false, code: "unexpected", message: "Something went wrong here. Try again in a moment." };
  }
}

/** A GET of the API, answered in this process with the cookies of whoever asks. */
async function get<T>(core: Core, app: Hono<ApiEnv>, headers: Headers, path: string): Promise<BackendResult<T>> {
  const request = new Request(`${core.config.publicUrl}${path}`, { headers: { cookie: headers.get("cookie") ?? "" } });
  const response = await app.fetch(request);
  const body = (await response.json()) as { type?: string; detail?: string };
  if (response.ok) return { ok: true, value: body as T };
  return { ok: false, code: body.type?.split("#problem-")[1] ?? "unexpected", message: body.detail ?? "" };
}

/** What pages may ask this server. */
export function createBackend(core: Core, app: Hono<ApiEnv>): Backend {
  return {
    ...authBackend(core),
    async me(headers) {
      const actor = await actorFrom(core, headers);
      return actor && { id: actor.userId, name: actor.name, email: actor.email, role: actor.role };
    },
    get: (headers, path) => get(core, app, headers, path),
    async room(headers, reference) {
      const actor = await actorFrom(core, headers);
      if (!actor) return { ok: false, code: "unauthenticated", message: "Sign in first." };
      return plainly(core, () => readRoom(ctxFor(core, actor), reference));
    },
  };
}
