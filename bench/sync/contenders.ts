import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { freePort, PROCESS_TOKEN } from "#/server/testing/server-process.ts";
import { makePlace } from "../places.ts";
import type { Wire } from "./wire.ts";

/** What a server has used; the peak is since memory was last asked for with a collection. */
export type Usage = {
  cpuSeconds: number;
  heapBytes: number;
  rssBytes: number;
  peakRssBytes: number;
};

/** A document, and who may come to it: people take turns. */
export type LoadDocument = { name: string; urls: readonly string[] };

/** A server under load: where its documents are, and what it has used. */
export type Contender = {
  name: string;
  wire: Wire;
  isOurs: boolean;
  /** A document that nobody used before. */
  makeDocument(): Promise<LoadDocument>;
  /** @param collects whether garbage is collected before memory is looked at */
  usage(collects?: boolean): Promise<Usage>;
  close(): Promise<void>;
};

/** How a contender is started; a fresh one for each run. */
export type Starter = { name: string; isOurs: boolean; start(): Promise<Contender> };

/** People of ours under load: one row of the log holds what one of them types. */
const PEOPLE = 5;

type Child = { port: number; usage(collects?: boolean): Promise<Usage>; close(): Promise<void> };

async function startChild(file: string, environment: Record<string, string>): Promise<Child> {
  const port = await freePort();
  const args = ["--expose-gc", "--disable-warning=ExperimentalWarning", "--max-semi-space-size=8"];
  const child: ChildProcess = spawn(process.execPath, [...args, join(import.meta.dirname, "peers", file)], {
    env: {
      PATH: process.env.PATH ?? "",
      NODE_ENV: "production",
      PORT: String(port),
      HOST: "127.0.0.1",
      ...environment,
    },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const next = () =>
    new Promise<unknown>((resolve, reject) => {
      child.once("message", resolve);
      child.once("exit", (code) => reject(new Error(`${file} ended with ${code}`)));
    });
  await next();
  return {
    port,
    async usage(collects = false) {
      const answer = next();
      child.send({ collects });
      return (await answer) as Usage;
    },
    async close() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await ended;
    },
  };
}

async function startPeer(name: string, wire: Wire, file: string): Promise<Contender> {
  const { port, usage, close } = await startChild(file, {});
  let documents = 0;
  return {
    name,
    wire,
    isOurs: false,
    usage,
    close,
    async makeDocument() {
      documents += 1;
      return { name: `room-${documents}`, urls: [`ws://127.0.0.1:${port}/room-${documents}`] };
    },
  };
}

async function startOurs(engine: "embedded" | "postgres", name: string): Promise<Contender> {
  const place = await makePlace(engine);
  const { port, usage, close } = await startChild("muster.ts", {
    ...place.environment,
    MUSTER_API_TOKEN: PROCESS_TOKEN,
    MUSTER_PAGES: "off",
    LOG_LEVEL: "error",
  });
  const post = async <T>(path: string, body: unknown): Promise<T> => {
    const headers = { authorization: `Bearer ${PROCESS_TOKEN}`, "content-type": "application/json" };
    const init = { method: "POST", headers, body: JSON.stringify(body) };
    return (await (await fetch(`http://127.0.0.1:${port}/api/v1${path}`, init)).json()) as T;
  };
  const tokens: string[] = [];
  for (let person = 1; person <= PEOPLE; person += 1) {
    const user = await post<{ id: string }>("/users", {
      email: `p${person}@example.com`,
      name: `P ${person}`,
      role: "responder",
    });
    tokens.push((await post<{ token: string }>("/tokens", { name: "load", userId: user.id })).token);
  }
  return {
    name,
    wire: "y-websocket",
    isOurs: true,
    usage,
    async makeDocument() {
      const { id } = await post<{ id: string }>("/incidents", { title: "Load" });
      const document = `incidents/${id}/summary`;
      return {
        name: document,
        urls: tokens.map((token) => `ws://127.0.0.1:${port}/sync/${document}?token=${token}`),
      };
    },
    async close() {
      await close();
      await place.close();
    },
  };
}

function ours(engine: "embedded" | "postgres", name: string): Starter {
  return { name, isOurs: true, start: () => startOurs(engine, name) };
}

function peer(name: string, wire: Wire, file: string): Starter {
  return { name, isOurs: false, start: () => startPeer(name, wire, file) };
}

export const Y_WEBSOCKET = "y-websocket 2.1";
export const HOCUSPOCUS = "Hocuspocus";
export const EMBEDDED = "Muster, PGlite";
export const POSTGRES = "Muster, PostgreSQL";

/** The two peers, both without a database, and ours on each database that there is. */
export const contenders: readonly Starter[] = [
  peer(Y_WEBSOCKET, "y-websocket", "y-websocket.ts"),
  peer(HOCUSPOCUS, "hocuspocus", "hocuspocus.ts"),
  ours("embedded", EMBEDDED),
  ...(process.env.TEST_DATABASE_URL ? [ours("postgres", POSTGRES)] : []),
];
