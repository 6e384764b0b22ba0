import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { getRequestListener } from "@hono/node-server";
import { type Database, openEmbedded, openPostgres } from "#/db/client.ts";
import { migrate } from "#/db/migrate.ts";
import { actorFrom } from "./access/index.ts";
import {
  registerAlertJobs,
  registerDetailJobs,
  registerForwarding,
  registerSubscriptionJobs,
  requeueStoredDeliveries,
  startTendingAlerts,
  watchHeartbeats,
} from "./alerts/index.ts";
import { provideBackend } from "./backend.ts";
import { registerChangeJobs } from "./changes/index.ts";
import { createBackend } from "./create-backend.ts";
import { createDocuments, type Documents } from "./documents/index.ts";
import { type Core, createEventHandlers, createFactBus } from "./events/index.ts";
import { createHttpApp } from "./http/app.ts";
import { forgetUnfinished } from "./http/middleware/index.ts";
import { registerSummaryProjection } from "./incidents/index.ts";
import { registerOwnerInvitations } from "./invitations/index.ts";
import { registerMaintenance, registerUnexplainedComponents } from "./maintenance/index.ts";
import {
  registerMentions,
  registerNotifications,
  registerReaching,
  registerUpdateNotifications,
} from "./notifications/index.ts";
import { createOutside } from "./notify/index.ts";
import { pageFiles } from "./page-files.ts";
import { startPages } from "./pages.ts";
import { ensureApiToken, ensureFirstOwner, setupLink } from "./people/index.ts";
import { type Config, ConfigError } from "./platform/config.ts";
import { lockDataDir } from "./platform/data-lock.ts";
import { messageOf } from "./platform/errors.ts";
import { createLog } from "./platform/log.ts";
import { createQueue } from "./platform/queue.ts";
import { registerPostmortem } from "./postmortem/index.ts";
import { createGateway } from "./realtime/gateway.ts";
import { createSyncServer } from "./realtime/sync/index.ts";
import { createRequestRouter } from "./request-router.ts";
import { closeLeftPresence, registerRoleReminders } from "./roster/index.ts";
import { registerSlack } from "./slack/index.ts";
import { createStatusPage, registerPageWebhooks, type StatusPage } from "./status-page/index.ts";
import { registerTaskJobs, requeueTaskBoxes } from "./tasks/index.ts";
import { projectNotes } from "./timeline/index.ts";
import { registerDecisions, registerSourceEnds, registerTelling, tellSource } from "./triage/index.ts";
import {
  registerDeliveryJobs,
  registerPlannedUpdates,
  registerSlackCards,
  registerUpdateClock,
  registerWebhookEvents,
} from "./updates/index.ts";
import { createUpgradeRouter } from "./upgrade-router.ts";

export type RunningServer = {
  core: Core;
  port: number;
  /** The one-time link, while nobody has an account. */
  setupLink(): Promise<string | null>;
  /** Drains, flushes, and gives everything back. */
  stop(): Promise<void>;
};

/** Running jobs are waited for this long at a stop; deliveries that are cut off go on at the next start. */
const JOBS_STOP_MS = 8_000;

async function openDatabase(config: Config): Promise<Database> {
  if (!config.databaseUrl) return openEmbedded(join(config.dataDir, "database"));
  const db = openPostgres(config.databaseUrl);
  try {
    await db.ping();
  } catch (error) {
    throw new ConfigError(`DATABASE_URL names a database that does not answer: ${messageOf(error)}`);
  }
  return db;
}

async function createCore(config: Config): Promise<Core> {
  const db = await openDatabase(config);
  await migrate(db, config.databaseUrl);
  const log = createLog(config.logLevel);
  return {
    config,
    db,
    queue: createQueue(db, config.databaseUrl, log),
    facts: createFactBus(),
    handlers: createEventHandlers(),
    log,
    now: () => new Date(),
  };
}

/**
 * Longer than proxies and senders keep an idle connection (Caddy and Go: up to 2 minutes). Whoever closes first must not
 * be the server: a request that meets a closing connection fails, and nobody repeats a `POST` by itself.
 */
const IDLE_CONNECTION_MS = 130_000;

/** Port 0 in tests means any free one. */
function listen(server: Server, config: Config): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === "EADDRINUSE";
      reject(isTaken ? new ConfigError(`PORT ${config.port} is in use on ${config.host}: choose another one.`) : error);
    });
    server.listen(config.port, config.host, () => resolve((server.address() as { port: number }).port));
  });
}

/** Registers what reacts to events, and starts the jobs; what a former process left is taken up before it resolves. */
async function startDomains(
  core: Core,
  documents: Documents,
  statusPage: StatusPage,
): Promise<{ stop(): Promise<void>; drain(waitMs: number): Promise<void> }> {
  projectNotes(core, documents);
  registerSummaryProjection(core, documents);
  registerPostmortem(core, documents);
  const outside = createOutside();
  const telling = registerTelling(core);
  registerDecisions(core);
  registerSlackCards(core);
  registerSourceEnds(core, outside);
  registerAlertJobs(core);
  registerDetailJobs(core, outside);
  const forwarding = registerForwarding(core, outside);
  registerOwnerInvitations(core);
  registerSubscriptionJobs(core);
  registerChangeJobs(core);
  registerTaskJobs(core);
  registerWebhookEvents(core);
  const outbox = registerDeliveryJobs(core, {
    page: statusPage,
    outside,
    source: (row) => tellSource(core, outside, row),
  });
  registerPageWebhooks(core, outside);
  const reminders = registerRoleReminders(core);
  const planned = registerPlannedUpdates(core);
  const clock = registerUpdateClock(core);
  registerNotifications(core);
  registerUpdateNotifications(core);
  registerMentions(core, documents);
  const slack = registerSlack(core, documents);
  const reaching = registerReaching(core);
  const maintenance = registerMaintenance(core);
  const unexplained = registerUnexplainedComponents(core);
  await closeLeftPresence(core);
  await ensureFirstOwner(core);
  await ensureApiToken(core);
  await forgetUnfinished(core, core.now());
  await Promise.all([core.queue.start(), statusPage.start()]);
  await Promise.all([requeueStoredDeliveries(core), requeueTaskBoxes(core), documents.recover()]);
  for (const each of [
    outbox,
    reminders,
    planned,
    clock,
    reaching,
    telling,
    forwarding,
    maintenance,
    unexplained,
    slack,
  ]) {
    await each.recover();
  }
  const tending = startTendingAlerts(core);
  return { stop: () => tending.stop(), drain: (waitMs) => outbox.stop(waitMs) };
}

/** Wires all parts of one server and starts them. @throws ConfigError for a setting that cannot work */
export async function startServer(given: Config): Promise<RunningServer> {
  const lock = await lockDataDir(given.dataDir);
  const [core, pages] = await Promise.all([createCore(given), given.pages ? startPages(given) : undefined]);
  const { config } = core;

  const documents = createDocuments(core);
  const statusPage = createStatusPage(core);
  const domains = await startDomains(core, documents, statusPage);
  const heartbeats = watchHeartbeats(core);

  const app = createHttpApp({ core, documents, statusPage });
  provideBackend(createBackend(core, app));
  const gateway = createGateway(core);
  const sync = createSyncServer({ core, documents, actorFrom: (headers, url) => actorFrom(core, headers, url) });
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const server = createServer(
    createRequestRouter({
      statusPage,
      room: gateway.handleRequest,
      http: async (request, response) => {
        await listener(request, response);
      },
      pages,
      files: pages && !config.isDevelopment ? pageFiles() : undefined,
    }),
  );
  server.on(
    "upgrade",
    createUpgradeRouter({
      room: gateway.handleUpgrade,
      documents: (request, socket, head) => sync.handleUpgrade(request, socket, head),
      ...(pages && config.isDevelopment && { pages: pages.handleUpgrade }),
    }),
  );
  server.keepAliveTimeout = IDLE_CONNECTION_MS;
  const port = await listen(server, config);

  return {
    core,
    port,
    setupLink: () => setupLink(core),
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await sync.drain();
      await gateway.stop();
      await documents.stop();
      server.closeIdleConnections();
      statusPage.stop();
      await domains.stop();
      await heartbeats.stop();
      await Promise.all([core.queue.stop(JOBS_STOP_MS), domains.drain(JOBS_STOP_MS)]);
      server.closeAllConnections();
      await closed;
      await pages?.stop();
      await core.db.close();
      await lock.release();
    },
  };
}
