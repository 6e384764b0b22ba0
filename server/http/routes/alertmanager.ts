import { type Context, Hono } from "hono";
import {
  type AlertRow,
  type IntegrationRow,
  labelFingerprint,
  listSilences,
  matches,
  openAlertsOf,
} from "#/server/alerts/index.ts";
import { AppError, errorStatuses, isAppError } from "#/server/platform/errors.ts";
import { parseJson } from "#/server/platform/scan-json.ts";
import type { ApiEnv } from "../api.ts";
import { matchersIn } from "./alertmanager-matchers.ts";
import { registerSilenceRoutes, stateOf } from "./alertmanager-silences.ts";
import { type Ingest, integrationOfHeader, keyInAuthorization, retryHeaders, withSlash } from "./ingest.ts";

type C = Context<ApiEnv>;
const SOURCE = "prometheus-alertmanager-api";
const RECEIVER = { name: "muster" };
/** What clients look at to know which API they speak to; the version is of Alertmanager's API that is served. */
const VERSION = { branch: "", buildDate: "", buildUser: "", goVersion: "", revision: "", version: "0.25.0" };
/** Alertmanager gives an alert without an end this long from its last report. */
const RESOLVE_TIMEOUT_MS = 5 * 60_000;

function presentAlert(alert: AlertRow, silencedBy: string[]) {
  const runbook = alert.links.find((link) => link.kind === "runbook")?.url;
  const state = silencedBy.length > 0 || alert.status === "suppressed" ? "suppressed" : "active";
  return {
    labels: alert.labels,
    annotations: {
      summary: alert.title,
      ...(alert.description && { description: alert.description }),
      ...(runbook && { runbook_url: runbook }),
    },
    fingerprint: labelFingerprint(alert.labels) ?? alert.id.replaceAll("-", "").slice(0, 16),
    startsAt: alert.startsAt.toISOString(),
    updatedAt: alert.lastAt.toISOString(),
    endsAt: new Date(alert.lastAt.getTime() + RESOLVE_TIMEOUT_MS).toISOString(),
    generatorURL: alert.links.find((link) => link.kind === "source")?.url ?? "",
    receivers: [RECEIVER],
    status: { state, silencedBy, inhibitedBy: [] },
  };
}

/** What `amtool` asks before each command. */
function statusSince(startedAt: string) {
  const original = `route:\n  receiver: ${RECEIVER.name}\nreceivers:\n  - name: ${RECEIVER.name}\n`;
  const cluster = { status: "disabled", peers: [] };
  return { cluster, config: { original }, uptime: startedAt, versionInfo: VERSION };
}

/** The API of Prometheus Alertmanager, version 2. The key is the password, or the bearer token. */
export function alertmanagerRoutes(ingest: Ingest): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  const { core } = ingest;
  const startedAt = core.now().toISOString();

  function integrationOf(c: C): Promise<IntegrationRow> {
    return integrationOfHeader(ingest, keyInAuthorization(c.req.header("authorization"), ["basic", "bearer"]));
  }

  async function listed(c: C) {
    const integration = await integrationOf(c);
    const now = core.now();
    const [open, all] = await Promise.all([
      openAlertsOf(core.db.read, integration.id),
      listSilences(core.db.read, integration.id),
    ]);
    const active = all.filter((silence) => stateOf(silence, now) === "active");
    const filters = matchersIn(c);
    const receiver = c.req.query("receiver");
    const isReceiver =
      !receiver || matches({ name: "r", value: receiver, isRegex: true, isEqual: true }, { r: RECEIVER.name });
    const wants = (name: string) => c.req.query(name) !== "false";
    return open
      .filter((alert) => isReceiver && filters.every((matcher) => matches(matcher, alert.labels)))
      .map((alert) => {
        const holding = active.filter(({ matchers }) => matchers.every((matcher) => matches(matcher, alert.labels)));
        return presentAlert(
          alert,
          holding.map(({ id }) => id),
        );
      })
      .filter(({ status }) => wants(status.state === "suppressed" ? "silenced" : "active"))
      .sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
  }

  async function receive(c: C) {
    const body = await ingest.body(c);
    const integration = await integrationOf(c);
    const list = parseJson(body);
    if (!Array.isArray(list)) throw new AppError("invalid", "The body is not a list of alerts.");
    if (list.length > 0) await ingest.receive(c, { integration, source: SOURCE, body });
    return c.body(null, 200);
  }

  async function groups(c: C) {
    const byName = Map.groupBy(await listed(c), (alert) => alert.labels.alertname ?? "");
    const sorted = [...byName].sort(([a], [b]) => (a < b ? -1 : 1));
    const made = sorted.map(([alertname, alerts]) => ({
      labels: alertname ? { alertname } : {},
      receiver: RECEIVER,
      alerts,
    }));
    return c.json(made);
  }

  routes.on("GET", withSlash("/status"), async (c) => {
    await integrationOf(c);
    return c.json(statusSince(startedAt));
  });
  routes.on("GET", withSlash("/alerts"), async (c) => c.json(await listed(c)));
  routes.on("POST", withSlash("/alerts"), receive);
  routes.on("GET", withSlash("/alerts/groups"), groups);
  routes.on("GET", withSlash("/receivers"), async (c) => {
    await integrationOf(c);
    return c.json([RECEIVER]);
  });
  registerSilenceRoutes(routes, ingest, integrationOf);
  routes.onError((error, c) => {
    if (!isAppError(error)) throw error;
    const headers = {
      ...retryHeaders(error),
      ...(error.code === "unauthenticated" && { "www-authenticate": 'Basic realm="Muster"' }),
    };
    return c.json(error.message, errorStatuses[error.code] as 400, headers);
  });
  return routes;
}
