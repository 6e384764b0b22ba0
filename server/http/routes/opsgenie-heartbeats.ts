import type { Context, Hono } from "hono";
import {
  changeHeartbeat,
  getHeartbeat,
  type HeartbeatRow,
  heartbeatInput,
  listHeartbeats,
  pingHeartbeat,
  removeHeartbeat,
  saveHeartbeat,
} from "#/server/alerts/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { parseJson } from "#/server/platform/scan-json.ts";
import type { ApiEnv } from "../api.ts";
import { fieldsOf, type Ingest, withSlash } from "./ingest.ts";
import { answerAccepted, answerData, opsgenieIntegration, PRIORITIES } from "./opsgenie-answers.ts";

type C = Context<ApiEnv>;

function brief({ name, enabled, missingAt }: HeartbeatRow) {
  return { name, enabled, expired: missingAt !== null };
}

function full(row: HeartbeatRow) {
  const { intervalSeconds: seconds } = row;
  const [intervalUnit, size] =
    seconds % 86_400 === 0
      ? (["days", 86_400] as const)
      : seconds % 3_600 === 0
        ? (["hours", 3_600] as const)
        : (["minutes", 60] as const);
  return {
    ...brief(row),
    description: row.description,
    interval: seconds / size,
    intervalUnit,
    ...(row.lastPingAt && { lastPingTime: row.lastPingAt.toISOString() }),
    ...(row.ownerTeam && { ownerTeam: { name: row.ownerTeam } }),
    ...(row.alertMessage && { alertMessage: row.alertMessage }),
    alertTags: row.alertTags,
    alertPriority: PRIORITIES[row.alertSeverity],
  };
}

/** @throws AppError "unprocessable" with the fields that are wrong */
function inputOf(fields: unknown) {
  const read = heartbeatInput.safeParse(fields);
  if (read.success) return read.data;
  const errors = read.error.issues.map((issue) => ({ pointer: `/${issue.path.join("/")}`, detail: issue.message }));
  throw new AppError("unprocessable", "Request body is not processable. Please check the errors.", { errors });
}

/** Opsgenie's heartbeats, below each of `bases`. */
export function registerHeartbeatRoutes(routes: Hono<ApiEnv>, ingest: Ingest, bases: readonly string[]): void {
  const { core } = ingest;
  const nameOf = (c: C) => c.req.param("name") ?? "";

  async function asked(c: C) {
    const startMs = performance.now();
    const body = await ingest.body(c);
    const integration = await opsgenieIntegration(ingest, c);
    return { startMs, integration, fields: fieldsOf(parseJson, body) };
  }

  async function ping(c: C) {
    const startMs = performance.now();
    // What a sender says with a ping has no meaning, whatever its form.
    await ingest.body(c);
    const integration = await opsgenieIntegration(ingest, c);
    await pingHeartbeat(core, integration, nameOf(c), inputOf(c.req.query()));
    return answerAccepted(c, startMs, c.var.requestId, "PONG - Heartbeat received");
  }

  async function create(c: C) {
    const { startMs, integration, fields } = await asked(c);
    const name = typeof fields.name === "string" ? fields.name : "";
    return answerData(c, startMs, brief(await saveHeartbeat(core, integration, name, inputOf(fields))), {}, 201);
  }

  async function update(c: C) {
    const { startMs, integration, fields } = await asked(c);
    return answerData(c, startMs, brief(await changeHeartbeat(core, integration, nameOf(c), inputOf(fields))));
  }

  async function turn(c: C, enabled: boolean) {
    const { startMs, integration } = await asked(c);
    return answerData(c, startMs, brief(await changeHeartbeat(core, integration, nameOf(c), { enabled })));
  }

  async function get(c: C) {
    const { startMs, integration } = await asked(c);
    return answerData(c, startMs, full(await getHeartbeat(core.db.read, integration.id, nameOf(c))));
  }

  async function list(c: C) {
    const { startMs, integration } = await asked(c);
    return answerData(c, startMs, { heartbeats: (await listHeartbeats(core.db.read, integration.id)).map(full) });
  }

  async function remove(c: C) {
    const { startMs, integration } = await asked(c);
    await removeHeartbeat(core, integration, nameOf(c));
    return answerData(c, startMs, { name: nameOf(c) }, { result: "Deleted" });
  }

  for (const base of bases) {
    routes.on(["GET", "POST", "PUT", "PATCH"], withSlash(`${base}/:name/ping`), ping);
    routes.on(["POST", "GET"], withSlash(`${base}/:name/enable`), (c) => turn(c, true));
    routes.on(["POST", "GET"], withSlash(`${base}/:name/disable`), (c) => turn(c, false));
    routes.on("POST", withSlash(base), create);
    routes.on("GET", withSlash(base), list);
    routes.on("GET", withSlash(`${base}/:name`), get);
    routes.on(["PATCH", "PUT"], withSlash(`${base}/:name`), update);
    routes.on("DELETE", withSlash(`${base}/:name`), remove);
  }
}
