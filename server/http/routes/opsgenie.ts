import { randomUUID } from "node:crypto";
import { type Context, Hono } from "hono";
import { alertOf, type IntegrationRow } from "#/server/alerts/index.ts";
import { AppError, isAppError } from "#/server/platform/errors.ts";
import { parseJson } from "#/server/platform/scan-json.ts";
import type { ApiEnv } from "../api.ts";
import { fieldsOf, type Ingest, withSlash } from "./ingest.ts";
import { answerAccepted, answerOpsgenieError, opsgenieIntegration } from "./opsgenie-answers.ts";
import { registerHeartbeatRoutes } from "./opsgenie-heartbeats.ts";
import { identifierOf, registerReadRoutes } from "./opsgenie-reads.ts";

/** Jira Service Management keeps the same API behind a prefix. */
const PREFIXES = ["", "/jsm/ops/integration"];
const BASES = PREFIXES.map((prefix) => `${prefix}/v2/alerts`);
const POST_ACTIONS =
  "close|acknowledge|unacknowledge|snooze|notes|tags|details|assign|escalate|responders|teams|actions";
const PUT_ACTIONS = "message|description|priority";
const MESSAGE_LENGTH_MAX = 130 * 8;

type C = Context<ApiEnv>;

function required(fields: Record<string, unknown>, name: string): void {
  const value = fields[name];
  if (typeof value === "string" && value.trim() && value.length <= (name === "message" ? MESSAGE_LENGTH_MAX : 25_000))
    return;
  throw new AppError("unprocessable", "Request body is not processable. Please check the errors.", {
    errors: [{ pointer: `/${name}`, detail: value === undefined ? "may not be empty" : "is not valid" }],
  });
}

/** What an action cannot do without. */
const REQUIRED: Readonly<Record<string, string>> = {
  create: "message",
  message: "message",
  description: "description",
  priority: "priority",
  notes: "note",
};

/** The Alert API of Opsgenie and of its successor, and its heartbeats. The key stands in `Authorization: GenieKey …`. */
export function opsgenieRoutes(ingest: Ingest): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  const { core } = ingest;

  async function store(c: C, action: string, alias: (integration: IntegrationRow) => Promise<string | null>) {
    const startMs = performance.now();
    const sent = await ingest.body(c);
    const integration = await opsgenieIntegration(ingest, c);
    const fields = fieldsOf(parseJson, sent);
    const needed = REQUIRED[action];
    if (needed) required(fields, needed);
    const body = sent.length > 0 ? sent : new TextEncoder().encode("{}");
    const named = await alias(integration);
    const isNameless = action === "create" && !fields.alias;
    const received = await ingest.receive(c, {
      integration,
      source: "opsgenie",
      route: { action, ...(named !== null && { alias: named }) },
      given: isNameless ? { alias: randomUUID() } : {},
      body,
    });
    return answerAccepted(c, startMs, received.delivery);
  }

  /** An action names an alert by id, number or alias; what is stored is the alias. */
  async function aliasOf(c: C, integration: IntegrationRow): Promise<string> {
    const identifier = identifierOf(c);
    if (identifier.kind === "alias") return identifier.value;
    return (await alertOf(core.db.read, integration.id, identifier))?.dedupKey ?? identifier.value;
  }
  const act = (c: C, action: string) => store(c, action, (integration) => aliasOf(c, integration));

  for (const base of BASES) {
    routes.on("POST", withSlash(base), (c) => store(c, "create", async () => null));
    routes.on("DELETE", withSlash(`${base}/:id`), (c) => act(c, "delete"));
    routes.on("POST", withSlash(`${base}/:id/:action{${POST_ACTIONS}}`), (c) => act(c, c.req.param("action") ?? ""));
    routes.on("POST", withSlash(`${base}/:id/actions/:name`), (c) => act(c, "actions"));
    routes.on("PUT", withSlash(`${base}/:id/:action{${PUT_ACTIONS}}`), (c) => act(c, c.req.param("action") ?? ""));
  }
  registerReadRoutes(routes, ingest, BASES);
  registerHeartbeatRoutes(
    routes,
    ingest,
    PREFIXES.map((prefix) => `${prefix}/v2/heartbeats`),
  );
  routes.onError((error, c) => {
    if (isAppError(error)) return answerOpsgenieError(c, error);
    throw error;
  });
  return routes;
}
