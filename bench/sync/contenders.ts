import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { freePort, PROCESS_TOKEN, startServerProcess } from "#/server/testing/server-process.ts";
import { makePlaces } from "../places.ts";
import type { Wire } from "./wire.ts";

export type Usage = { cpuSeconds: number; heapBytes: number; rssBytes: number };

/** A server under load: where its documents are, and what it has used. */
export type Contender = {
  name: string;
  wire: Wire;
  isOurs: boolean;
  /** A document that nobody used before. */
  makeDocument(): Promise<{ name: string; url: string }>;
  usage(): Promise<Usage>;
  close(): Promise<void>;
};

/** How a contender is started; a fresh one for each run. */
export type Starter = { name: string; start(): Promise<Contender> };

async function startPeer(name: string, wire: Wire, file: string): Promise<Contender> {
  const port = await freePort();
  const child: ChildProcess = spawn(process.execPath, ["--expose-gc", join(import.meta.dirname, file)], {
    env: { PATH: process.env.PATH ?? "", NODE_ENV: "production", PORT: String(port), HOST: "127.0.0.1" },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const next = () => new Promise<unknown>((resolve) => child.once("message", resolve));
  await next();
  let documents = 0;
  return {
    name,
    wire,
    isOurs: false,
    async makeDocument() {
      documents += 1;
      const document = `room-${documents}`;
      return { name: document, url: `ws://127.0.0.1:${port}/${document}` };
    },
    async usage() {
      const answer = next();
      child.send("usage");
      return (await answer) as Usage;
    },
    async close() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await ended;
    },
  };
}

function metric(text: string, name: string): number {
  return Number(new RegExp(`^${name} (\\S+)`, "m").exec(text)?.[1]);
}

async function startOurs(engine: "embedded" | "postgres"): Promise<Contender> {
  const places = await makePlaces();
  const place = places.find((each) => each.engine === engine);
  for (const other of places) if (other !== place) await other.close();
  if (!place) throw new Error(`there is no ${engine} database`);
  const server = await startServerProcess({ ...place.environment, MUSTER_API_TOKEN: PROCESS_TOKEN });
  return {
    name: engine === "embedded" ? "Muster, PGlite" : "Muster, PostgreSQL",
    wire: "y-websocket",
    isOurs: true,
    async makeDocument() {
      const { body } = await server.ask<{ id: string }>("POST", "/api/v1/incidents", { title: "Load" });
      const name = `incidents/${body.id}/summary`;
      return { name, url: `${server.url.replace("http", "ws")}/sync/${name}?token=${PROCESS_TOKEN}` };
    },
    async usage() {
      const { text } = await server.ask("GET", "/metrics");
      return {
        cpuSeconds: metric(text, "process_cpu_seconds_total"),
        heapBytes: metric(text, "nodejs_heap_size_used_bytes") + metric(text, "nodejs_external_memory_bytes"),
        rssBytes: metric(text, "process_resident_memory_bytes"),
      };
    },
    async close() {
      await server.killHard();
      await place.close();
    },
  };
}

/** The two peers, both without a database, and ours on each database that there is. */
export const contenders: Starter[] = [
  {
    name: "y-websocket 2.1",
    start: () => startPeer("y-websocket 2.1", "y-websocket", "peers/y-websocket.ts"),
  },
  { name: "Hocuspocus", start: () => startPeer("Hocuspocus", "hocuspocus", "peers/hocuspocus.ts") },
  { name: "Muster, PGlite", start: () => startOurs("embedded") },
  ...(process.env.TEST_DATABASE_URL ? [{ name: "Muster, PostgreSQL", start: () => startOurs("postgres") }] : []),
];
