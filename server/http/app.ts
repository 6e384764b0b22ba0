import { Hono } from "hono";
import { can } from "#/server/access/index.ts";
import type { Documents } from "#/server/documents/index.ts";
import type { Core } from "#/server/events/index.ts";
import { AppError, messageOf } from "#/server/platform/errors.ts";
import type { StatusPage } from "#/server/status-page/index.ts";
import { type ApiEnv, createApi } from "./api.ts";
import { docsPage } from "./docs-page.ts";
import { createMetrics } from "./metrics.ts";
import {
  apiBodyLimit,
  apiHeaders,
  authenticate,
  csrf,
  fileBody,
  idempotency,
  rateLimit,
  requestId,
} from "./middleware/index.ts";
import { answerProblem } from "./problem.ts";
import { registerActionItemRoutes } from "./routes/action-items.ts";
import { registerAlertMuteRoutes } from "./routes/alert-mutes.ts";
import { registerAlertRouteRoutes } from "./routes/alert-routes.ts";
import { alertmanagerRoutes } from "./routes/alertmanager.ts";
import { registerAlertRoutes } from "./routes/alerts.ts";
import { registerAudienceRoutes } from "./routes/audiences.ts";
import { registerAuditRoutes } from "./routes/audit.ts";
import { bounceRoutes } from "./routes/bounces.ts";
import { registerChangeRoutes } from "./routes/changes.ts";
import { registerComponentRoutes } from "./routes/components.ts";
import { registerDestinationRoutes } from "./routes/destinations.ts";
import { registerFileRoutes } from "./routes/files.ts";
import { registerHeartbeatApi } from "./routes/heartbeats.ts";
import { hookRoutes } from "./routes/hooks.ts";
import { registerIncidentRoutes } from "./routes/incidents.ts";
import { createIngest } from "./routes/ingest.ts";
import { registerIntegrationRoutes } from "./routes/integrations.ts";
import { keepRoutes } from "./routes/keep.ts";
import { registerLifecycleRoutes } from "./routes/lifecycle.ts";
import { registerMaintenanceRoutes } from "./routes/maintenance.ts";
import { registerMappingRoutes } from "./routes/mapping.ts";
import { registerMeasureRoutes } from "./routes/measures.ts";
import { opsgenieRoutes } from "./routes/opsgenie.ts";
import { registerPageSettingsRoutes } from "./routes/page-settings.ts";
import { pagerDutyRoutes } from "./routes/pagerduty.ts";
import { approvalDoors, registerPlannedUpdateRoutes } from "./routes/planned-updates.ts";
import { registerPostmortemRoutes } from "./routes/postmortem.ts";
import { registerBriefRoute, registerInvitationRoutes, registerNotificationRoutes } from "./routes/reach.ts";
import { registerRosterRoutes, registerTaskRoutes } from "./routes/room.ts";
import { registerRunbookRoutes } from "./routes/runbooks.ts";
import { registerSearchRoutes } from "./routes/search.ts";
import { registerServiceRoutes } from "./routes/services.ts";
import { registerSessionRoutes } from "./routes/session.ts";
import { registerSettingsRoutes } from "./routes/settings.ts";
import { registerSlackRoutes, slackDoors } from "./routes/slack.ts";
import { statusPageRoutes } from "./routes/status-page.ts";
import { registerSubscriberRoutes } from "./routes/subscribers.ts";
import { registerSuppressionRoutes } from "./routes/suppressions.ts";
import { registerTimelineRoutes } from "./routes/timeline.ts";
import { registerTokenRoutes } from "./routes/tokens.ts";
import { registerTriageRoutes, triageDoors } from "./routes/triage.ts";
import { registerUpdateTemplateRoutes } from "./routes/update-templates.ts";
import { registerUpdateRoutes } from "./routes/updates.ts";
import { registerUserRoutes } from "./routes/users.ts";
import { victorOpsRoutes } from "./routes/victorops.ts";

export type HttpParts = { core: Core; documents: Documents; statusPage: StatusPage };

/** Every route of `/api/v1`, without the middlewares: also what the document and the permission matrix are made of. */
export function createApiRoutes(documents: Documents) {
  const api = createApi();
  registerIncidentRoutes(api, documents);
  registerLifecycleRoutes(api);
  registerTriageRoutes(api);
  registerTimelineRoutes(api, documents);
  registerFileRoutes(api);
  registerRosterRoutes(api);
  registerBriefRoute(api);
  registerInvitationRoutes(api);
  registerNotificationRoutes(api);
  registerTaskRoutes(api);
  registerRunbookRoutes(api);
  registerAlertRoutes(api);
  registerAlertRouteRoutes(api);
  registerAlertMuteRoutes(api);
  registerChangeRoutes(api);
  registerUpdateRoutes(api, documents);
  registerUpdateTemplateRoutes(api);
  registerPlannedUpdateRoutes(api, documents);
  registerPostmortemRoutes(api, documents);
  registerActionItemRoutes(api);
  registerIntegrationRoutes(api);
  registerHeartbeatApi(api);
  registerMappingRoutes(api);
  registerServiceRoutes(api);
  registerComponentRoutes(api);
  registerMaintenanceRoutes(api);
  registerSubscriberRoutes(api);
  registerAudienceRoutes(api);
  registerDestinationRoutes(api);
  registerSuppressionRoutes(api);
  registerPageSettingsRoutes(api);
  registerUserRoutes(api);
  registerTokenRoutes(api);
  registerSessionRoutes(api);
  registerSettingsRoutes(api);
  registerSlackRoutes(api);
  registerSearchRoutes(api);
  registerMeasureRoutes(api);
  registerAuditRoutes(api);
  return api;
}

/** The OpenAPI document of `/api/v1`. */
export function openApiDocument(api: ReturnType<typeof createApiRoutes>, publicUrl: string) {
  return api.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Muster",
      version: "1",
      description: "A self-hosted war room for incidents. Times are RFC 3339 UTC.",
    },
    servers: [{ url: `${publicUrl}/api/v1` }],
    security: [{ bearer: [] }],
  });
}

async function readiness(core: Core): Promise<{ isReady: boolean; parts: Record<string, string> }> {
  try {
    await core.db.ping();
    return { isReady: true, parts: { database: "ok" } };
  } catch (error) {
    return { isReady: false, parts: { database: messageOf(error) } };
  }
}

function isLoopback(address: string | undefined): boolean {
  return address === "127.0.0.1" || address === "::1" || address === "::ffff:127.0.0.1";
}

/** Everything that is not a page: hooks, `/api/v1`, the status page's forms, health and metrics. */
export function createHttpApp({ core, documents, statusPage }: HttpParts): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  const metrics = createMetrics();
  const api = createApiRoutes(documents);
  api.openAPIRegistry.registerComponent("securitySchemes", "bearer", { type: "http", scheme: "bearer" });

  app.onError((error, c) => answerProblem(c, error, core.log));
  app.notFound((c) => answerProblem(c, new AppError("not_found", "There is nothing at this address."), core.log));
  app.use(requestId());
  app.use(async (c, next) => {
    const stop = metrics.requests.startTimer();
    await next();
    const group = `/${c.req.path
      .split("/")
      .slice(1, c.req.path.startsWith("/api/") ? 4 : 2)
      .join("/")}`;
    stop({ method: c.req.method, group: group.startsWith("/hooks") ? "/hooks" : group, status: String(c.res.status) });
  });

  app.get("/healthz", (c) => c.json({ status: "ok" }));
  app.get("/readyz", async (c) => {
    const { isReady, parts } = await readiness(core);
    return c.json({ status: isReady ? "ok" : "unavailable", ...parts }, isReady ? 200 : 503);
  });
  app.get("/metrics", async (c) => {
    const incoming = (c.env as { incoming?: { socket: { remoteAddress?: string } } } | undefined)?.incoming;
    const isForwarded = c.req.header("x-forwarded-for") !== undefined;
    if (isForwarded || !isLoopback(incoming?.socket.remoteAddress)) {
      await authenticate(core)(c, async () => {});
      if (!can(c.var.ctx.actor, "metrics.read")) throw new AppError("forbidden", "Metrics are for administrators.");
    }
    return c.text(await metrics.registry.metrics(), 200, { "content-type": metrics.registry.contentType });
  });

  const ingest = createIngest(core, metrics);
  app.route("/hooks", hookRoutes(ingest));
  app.route("/", pagerDutyRoutes(ingest));
  app.route("/", opsgenieRoutes(ingest));
  app.route("/", victorOpsRoutes(ingest));
  app.route("/", keepRoutes(ingest));
  app.route("/", statusPageRoutes(statusPage));
  app.route("/api/v2", alertmanagerRoutes(ingest));
  app.route("/", triageDoors(core));
  app.route("/", approvalDoors(core));
  app.route("/", bounceRoutes(core));
  app.route("/", slackDoors(core, documents));

  app.get("/api/v1/openapi.json", (c) => c.json(openApiDocument(api, core.config.publicUrl)));
  app.get("/api/docs", (c) => c.html(docsPage(openApiDocument(api, core.config.publicUrl))));
  app.use(
    "/api/v1/*",
    apiHeaders(),
    apiBodyLimit(),
    authenticate(core),
    rateLimit(core),
    fileBody(core),
    csrf(core),
    idempotency(core),
  );
  app.route("/api/v1", api);
  return app;
}
