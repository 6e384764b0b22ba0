import { type Context, Hono } from "hono";
import { isSource } from "#/server/alerts/index.ts";
import { errorStatuses, isAppError } from "#/server/platform/errors.ts";
import type { ApiEnv } from "../api.ts";
import { type Ingest, integrationOfHeader, keyInAuthorization, retryHeaders, withSlash } from "./ingest.ts";

/** Keep's names of senders, where ours differ. */
const SOURCE_OF_PROVIDER: Readonly<Record<string, string>> = {
  prometheus: "prometheus-alertmanager",
  alertmanager: "prometheus-alertmanager",
  victoriametrics: "prometheus-alertmanager",
  grafana: "grafana-alerting",
  grafana_loki: "prometheus-alertmanager",
  cloudwatch: "aws-cloudwatch-sns",
  gcpmonitoring: "gcp-monitoring",
  azuremonitoring: "azure-monitor-common",
  newrelic: "newrelic-workflows",
  pagerduty: "pagerduty-webhooks-v3",
  opsgenie: "opsgenie-webhook",
  sentry: "sentry-integration-platform",
  uptimekuma: "uptime-kuma",
  "gitlab-pipelines": "gitlab",
  elastic: "elastic-kibana",
  kibana: "elastic-kibana",
  netdata: "netdata-cloud",
  statuscake: "statuscake",
  pingdom: "pingdom",
  jira: "jira",
  cronitor: "cronitor",
};

/** The source that reads what a provider sends; one that we do not know is read as generic JSON, and nothing is lost. */
export function sourceOfProvider(provider: string | undefined): string {
  const name = provider?.toLowerCase() ?? "";
  const known = SOURCE_OF_PROVIDER[name] ?? name.replaceAll("_", "-");
  return known !== "custom" && isSource(known) ? known : "generic-json";
}

function keyOf(c: Context<ApiEnv>): string | null {
  const authorization = c.req.header("authorization");
  return (
    c.req.header("x-api-key") ??
    keyInAuthorization(authorization, ["basic", "bearer"]) ??
    c.req.query("api_key") ??
    null
  );
}

/** Keep's ingest: the path names the provider, `?severity=` forces a severity. */
export function keepRoutes(ingest: Ingest): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();

  async function receive(c: Context<ApiEnv>) {
    const body = await ingest.body(c);
    const integration = await integrationOfHeader(ingest, keyOf(c));
    const provider = c.req.param("provider");
    const source = sourceOfProvider(provider);
    const route = { protocol: "keep", ...(provider && { provider: provider.slice(0, 100) }) };
    const { delivery } = await ingest.receive(c, { integration, source, route, body });
    return c.json({ task_name: delivery }, 202);
  }

  for (const base of ["/api/alerts/event", "/alerts/event"]) {
    routes.on("POST", [...withSlash(base), ...withSlash(`${base}/:provider`)], receive);
  }
  routes.onError((error, c) => {
    if (!isAppError(error)) throw error;
    return c.json({ detail: error.message }, errorStatuses[error.code] as 400, retryHeaders(error));
  });
  return routes;
}
