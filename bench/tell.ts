import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { SMTPServer } from "smtp-server";
import { io } from "socket.io-client";
import { PROCESS_TOKEN, type ServerProcess, startServerProcess } from "#/server/testing/server-process.ts";
import { alertBodies, send } from "./intake/send.ts";
import { numberOption } from "./options.ts";
import { type BenchPlace, makePlaces } from "./places.ts";
import { printTable, quantile, recordResult } from "./report.ts";

/** The promise: from the 202 to each way of hearing, while nothing else is going on, and in a storm of alerts. */
const LIMITS_MS = { idle: 2_000, storm: 10_000 };
type Weather = keyof typeof LIMITS_MS;
const INCIDENTS = 60;
/** The storm: so many distinct alerts of so many services in a minute, by another integration. */
const STORM_ALERTS = 10_000;
const STORM_MS = 60_000;
const STORM_SERVICES = 20;
const STORM_CONNECTIONS = 16;
/** The first ones load code; they are told, and not counted. */
const WARM_UP = 5;
/** What is not heard within this is not heard. */
const HEARD_LIMIT_MS = 25_000;
/** Between two incidents, so that each finds the server idle. */
const REST_MS = 150;

const ways = ["slack", "mail", "tab"] as const;
type Way = (typeof ways)[number];
type Heard = (text: string, way: Way) => void;

/** A Slack that takes everything at once, and says what was posted. */
async function startSlack(heard: Heard) {
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      if (request.url?.endsWith("chat.postMessage")) heard(body, "slack");
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ ok: true, channel: "C1", ts: "1.1" }));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`, stop: () => server.close() };
}

/** A mail server that takes everything, and says what it was handed. */
async function startMail(heard: Heard) {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData(stream, _session, done) {
      let source = "";
      stream.on("data", (chunk: Buffer) => {
        source += chunk.toString();
      });
      stream.on("end", () => {
        heard(source.replaceAll("=\r\n", ""), "mail");
        done();
      });
    },
  });
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const { port } = server.server.address() as AddressInfo;
  return { url: `smtp://127.0.0.1:${port}`, stop: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}

/** An open tab on the list of incidents. */
async function openTab(server: ServerProcess, heard: Heard) {
  const socket = io(server.url, { auth: { token: PROCESS_TOKEN }, transports: ["websocket"] });
  await once(socket as unknown as NodeJS.EventEmitter, "connect");
  socket.on("list:fact", (fact: { incident: { title: string } }) => heard(fact.incident.title, "tab"));
  await socket.emitWithAck("list:join");
  return { stop: () => socket.close() };
}

/** Waits for each way to say a word, and how long it took. */
function createEars() {
  let word = "";
  let since = 0;
  let left = new Map<Way, (ms: number) => void>();
  const heard: Heard = (text, way) => {
    if (word && text.includes(word)) left.get(way)?.(performance.now() - since);
  };
  async function listen(wanted: string, send: () => Promise<void>): Promise<Record<Way, number>> {
    const promises = new Map<Way, Promise<number>>();
    left = new Map();
    for (const way of ways) promises.set(way, new Promise((resolve) => left.set(way, resolve)));
    word = wanted;
    // What is heard before the 202 has arrived here counts as at once.
    since = Number.POSITIVE_INFINITY;
    await send();
    since = Math.min(since, performance.now());
    const late = pause(HEARD_LIMIT_MS, Number.NaN, { ref: false });
    const entries = [...promises].map(async ([way, ms]) => [way, await Promise.race([ms, late])] as const);
    return Object.fromEntries(await Promise.all(entries)) as Record<Way, number>;
  }
  return { heard, listen };
}

async function addHook(server: ServerProcess, name: string): Promise<string> {
  const made = await server.ask<{ url: string }>("POST", "/api/v1/integrations", { name, source: "generic-json" });
  return `${server.url}${new URL(made.body.url).pathname}`;
}

/** Alerts of services that fail already, until it is stopped. */
function startStorm(hook: string) {
  let isOver = false;
  const alert = (n: number) => ({
    title: `Storm alert ${n}`,
    dedupKey: `storm-${n}`,
    severity: "error",
    service: `storm-${n % STORM_SERVICES}`,
  });
  const sent = send(hook, alertBodies(STORM_ALERTS, alert), {
    connections: STORM_CONNECTIONS,
    perSecond: STORM_ALERTS / (STORM_MS / 1_000),
    until: () => isOver,
  });
  return {
    async stop() {
      isOver = true;
      return (await sent).acknowledged.length;
    },
  };
}

async function measurePlace(place: BenchPlace, weather: Weather, count: number) {
  const ears = createEars();
  const slack = await startSlack(ears.heard);
  const mail = await startMail(ears.heard);
  const server = await startServerProcess({
    ...place.environment,
    MUSTER_API_TOKEN: PROCESS_TOKEN,
    SLACK_BOT_TOKEN: "xoxb-bench",
    SLACK_CHANNEL: "C1",
    SLACK_API_URL: slack.url,
    SMTP_URL: mail.url,
    MAIL_FROM: "muster@example.com",
  });
  const tab = await openTab(server, ears.heard);
  try {
    await server.ask("PATCH", "/api/v1/settings", { tell: ["oncall@example.com"] });
    const hook = await addHook(server, "bench");
    const storm = weather === "storm" ? startStorm(await addHook(server, "storm")) : undefined;
    const samples: Record<Way, number>[] = [];
    for (let n = 0; n < WARM_UP + count; n += 1) {
      const word = `Outage${n}x`;
      const body = JSON.stringify({ title: word, dedupKey: word, severity: "critical", service: `service-${n}` });
      const heard = await ears.listen(word, async () => {
        const answer = await fetch(hook, { method: "POST", headers: { "content-type": "application/json" }, body });
        if (answer.status !== 202) throw new Error(`the hook answered ${answer.status}`);
      });
      if (n >= WARM_UP) samples.push(heard);
      await pause(REST_MS);
    }
    const stormAlerts = await storm?.stop();
    return ways.map((way) => {
      const all = samples.map((sample) => sample[way]);
      // What came before the answer was read is at once; what never came is NaN, and counts apart.
      const ms = all.filter((value) => !Number.isNaN(value)).map((value) => Math.max(0, value));
      return {
        engine: place.engine,
        weather,
        ...(stormAlerts !== undefined && { stormAlerts }),
        way,
        incidents: all.length,
        lost: all.length - ms.length,
        p50Ms: Math.round(quantile(ms, 0.5)),
        p95Ms: Math.round(quantile(ms, 0.95)),
        maxMs: Math.round(Math.max(...ms)),
      };
    });
  } finally {
    tab.stop();
    await server.killHard();
    await mail.stop();
    slack.stop();
  }
}

const names: Record<Way, string> = { slack: "Slack card posted", mail: "mail handed over", tab: "open tab shows it" };

/** Time to a human: from the 202 of an alert to each way in which somebody hears of it, idle and in a storm, beside the promise. */
export async function benchTell(): Promise<void> {
  const count = numberOption("incidents", INCIDENTS);
  const results = [];
  for (const place of await makePlaces()) {
    try {
      for (const weather of ["idle", "storm"] as const) results.push(...(await measurePlace(place, weather, count)));
    } finally {
      await place.close();
    }
  }
  printTable(
    results.map((result) => ({
      database: result.engine,
      weather: result.weather,
      "from 202 until": names[result.way],
      incidents: result.incidents,
      lost: result.lost,
      "p50 ms": result.p50Ms,
      "p95 ms": result.p95Ms,
      "max ms": result.maxMs,
      limit: `p95 <= ${LIMITS_MS[result.weather]}`,
      kept: result.lost === 0 && result.p95Ms <= LIMITS_MS[result.weather] ? "yes" : "no",
    })),
  );
  recordResult("tell", { limitsMs: LIMITS_MS, results });
}
