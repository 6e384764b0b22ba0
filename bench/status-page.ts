import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import postgres from "postgres";
import { caddyPath, startCaddy } from "#/server/testing/real-caddy.ts";
import { freePort, PROCESS_TOKEN, startServerProcess } from "#/server/testing/server-process.ts";
import { listOption, numberOption } from "./options.ts";
import { type BenchPlace, makePlaces } from "./places.ts";
import { printTable, type Row, recordResult } from "./report.ts";
import { openNewsroom } from "./status-page/newsroom.ts";
import { measureSlowNetwork } from "./status-page/slow-network.ts";
import { measureThroughput, startStaticCopy } from "./status-page/throughput.ts";
import { publishFor, type Watched, watchPage } from "./status-page/viewers.ts";

const LIMITS = {
  /** Of what Caddy does with a static file of the same size, on this machine, in this run. */
  ratio: 0.5,
  p99Ms: 250,
  newContentMs: 5_000,
  htmlBytes: 20 * 1024,
  readableMs: 1_500,
};
const VIEWERS = 1_000;
const PER_SECOND = 200;
const PUBLISH_EVERY_MS = 2_000;
/** With viewers and without, the same is published: what else the database does varies by about this much. */
const QUERIES_TOLERANCE = 0.2;
const parts = ["throughput", "viewers", "outage", "network"] as const;

type Line = { database: string; measured: string; value: string; limit: string; kept: boolean };
const check = (database: string, measured: string, value: string, limit: string, kept: boolean): Line => ({
  ...{ database, measured, value, limit, kept },
});

async function start(place: BenchPlace, port?: string) {
  const environment = { ...place.environment, MUSTER_API_TOKEN: PROCESS_TOKEN, ...(port && { PORT: port }) };
  return startServerProcess(environment);
}

/** Transactions that the database has committed or undone; undefined for the embedded one, which nobody else can ask. */
async function transactions(place: BenchPlace): Promise<number | undefined> {
  const url = place.environment.DATABASE_URL;
  if (!url) return undefined;
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    // Counters are told to the statistics at most once a second.
    await pause(1_500);
    const [row] =
      await sql`select xact_commit + xact_rollback as n from pg_stat_database where datname = current_database()`;
    return Number(row?.n);
  } finally {
    await sql.end();
  }
}

/** The p99 of the same viewers at Caddy with the same bytes as files: what the machine itself makes of it just now. */
async function p99AtCaddy(watch: Parameters<typeof watchPage>[0]): Promise<number | undefined> {
  if (!caddyPath) return undefined;
  const copy = await startStaticCopy(watch.url);
  try {
    const still = { publishedAt: [], publish: async () => {} };
    return (await watchPage({ ...watch, url: copy.url, news: still })).p99Ms;
  } finally {
    await copy.stop();
  }
}

function linesOf(database: string, watched: Watched, caddyP99Ms: number | undefined): Line[] {
  const { viewers, requests, errors, p99Ms, newContentMs, mixed } = watched;
  const beside = caddyP99Ms === undefined ? "" : `, Caddy ${caddyP99Ms.toFixed(1)} ms`;
  const who = `${viewers} viewers`;
  return [
    check(database, `${who}: errors of ${requests} requests`, String(errors), "0", errors === 0),
    check(database, `${who}: p99`, `${p99Ms.toFixed(1)} ms${beside}`, `<= ${LIMITS.p99Ms} ms`, p99Ms <= LIMITS.p99Ms),
    check(
      database,
      `${who}: new content after`,
      `${Math.round(newContentMs)} ms`,
      `<= ${LIMITS.newContentMs} ms`,
      newContentMs <= LIMITS.newContentMs,
    ),
    check(database, `${who}: mixed or older versions`, String(mixed), "0", mixed === 0),
  ];
}

async function benchServer(place: BenchPlace, wanted: readonly string[], seconds: number): Promise<Line[]> {
  const { engine } = place;
  const server = await start(place);
  const lines: Line[] = [];
  try {
    const news = await openNewsroom(server);
    if (wanted.includes("throughput") && engine === "embedded") {
      for (const one of await measureThroughput(server.url, Math.max(2, seconds / 6))) {
        const value = `${Math.round(one.ours)}/s, Caddy ${Math.round(one.caddy)}/s: ${one.ratio.toFixed(2)}`;
        const kept = one.ratio >= LIMITS.ratio && one.failed === 0;
        lines.push(check(engine, `GET ${one.path} (${one.bytes} B)`, value, `>= ${LIMITS.ratio} of Caddy`, kept));
      }
    }
    if (wanted.includes("viewers")) {
      const spent: number[] = [];
      for (const viewers of [0, VIEWERS]) {
        const before = await transactions(place);
        const watch = { url: server.url, viewers, perSecond: PER_SECOND, seconds, news };
        const [watched] = await Promise.all([
          viewers > 0 ? watchPage(watch) : pause(seconds * 1_000).then(() => undefined),
          publishFor(news, seconds, PUBLISH_EVERY_MS),
        ]);
        const after = await transactions(place);
        if (before !== undefined && after !== undefined) spent.push(after - before);
        if (watched) lines.push(...linesOf(engine, watched, await p99AtCaddy(watch)));
      }
      const [without, withViewers] = spent;
      if (without !== undefined && withViewers !== undefined) {
        const value = `${without} without, ${withViewers} with ${VIEWERS} viewers`;
        const kept = withViewers <= without * (1 + QUERIES_TOLERANCE);
        lines.push(check(engine, "database transactions", value, "independent of viewers", kept));
      }
    }
    if (wanted.includes("network") && engine === "embedded") {
      const slow = await measureSlowNetwork(server.url);
      const limit = `<= ${LIMITS.htmlBytes} B`;
      lines.push(
        check(engine, "page as HTML", `${slow.htmlBytes} B`, limit, slow.htmlBytes <= LIMITS.htmlBytes),
        check(
          engine,
          "page with style and icon, as sent",
          `${slow.sentBytes} B`,
          limit,
          slow.sentBytes <= LIMITS.htmlBytes,
        ),
        check(
          engine,
          "readable at 1.6 Mbit/s and 150 ms",
          `${Math.round(slow.readableMs)} ms`,
          `<= ${LIMITS.readableMs} ms`,
          slow.readableMs <= LIMITS.readableMs,
        ),
      );
    }
  } finally {
    await server.killHard();
  }
  return lines;
}

/** Viewers behind the Caddyfile of the repository while the server is killed, stopped for a new release, and publishes. */
async function benchOutage(place: BenchPlace, seconds: number): Promise<Line[]> {
  const port = String(await freePort());
  const dataDir = place.environment.DATA_DIR ?? "";
  let server = await start(place, port);
  const caddy = await startCaddy({ UPSTREAM: `127.0.0.1:${port}`, STATUS_FILES: join(dataDir, "status", "current") });
  try {
    const news = await openNewsroom(server);
    const everything = async () => {
      for (let round = 0; performance.now() < end; round += 1) {
        await news.publish();
        await pause(1_000);
        if (round % 2 === 0) await server.killHard();
        else await server.stop();
        await pause(500);
        server = await start(place, port);
      }
    };
    const end = performance.now() + seconds * 1_000;
    const silent = { publishedAt: [], publish: async () => {} };
    const watch = { url: caddy.publicUrl, viewers: 100, perSecond: PER_SECOND, seconds: seconds + 2, news: silent };
    const [watched] = await Promise.all([watchPage(watch), everything()]);
    const title = "killed, redeployed, publishing behind Caddy";
    const { engine } = place;
    return [
      check(engine, `${title}: failed of ${watched.requests}`, String(watched.errors), "0", watched.errors === 0),
      check(engine, `${title}: mixed or older versions`, String(watched.mixed), "0", watched.mixed === 0),
    ];
  } finally {
    await server.killHard();
    await caddy.stop();
  }
}

/** The status page beside Caddy, with a thousand viewers, while everything fails, and by a slow network. */
export async function benchStatusPage(): Promise<void> {
  const seconds = numberOption("seconds", 30);
  const asked = listOption("parts", parts);
  const wanted = caddyPath ? asked : asked.filter((part) => part !== "throughput" && part !== "outage");
  if (!caddyPath)
    process.stdout.write("  Without Caddy (CADDY_PATH) what is measured beside and behind it is left out.\n");
  const lines: Line[] = [];
  for (const place of await makePlaces()) {
    try {
      lines.push(...(await benchServer(place, wanted, seconds)));
      if (wanted.includes("outage")) lines.push(...(await benchOutage(place, seconds)));
    } finally {
      await place.close();
    }
  }
  printTable(lines.map(({ kept, ...line }): Row => ({ ...line, kept: kept ? "yes" : "no" })));
  recordResult("status-page", { limits: LIMITS, lines });
  if (lines.some((line) => !line.kept)) process.exitCode = 1;
}
