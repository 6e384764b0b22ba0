import { setTimeout as pause } from "node:timers/promises";
import { freePort, PROCESS_TOKEN, type ServerProcess, startServerProcess } from "#/server/testing/server-process.ts";
import { Client } from "#/server/testing/test-sync.ts";
import { type BenchPlace, makePlaces } from "./places.ts";
import { printTable, recordResult } from "./report.ts";

const ROUNDS_DEFAULT = 20;
const TYPISTS = 4;
const KEY_EVERY_MS = 20;
/** The kill comes at a random moment of this stretch of typing. */
const TYPING_MS_MIN = 200;
const TYPING_MS_MAX = 1_000;
const ANSWER_LIMIT_MS = 30_000;

type Counts = {
  typed: number;
  acknowledged: number;
  lost: number;
  unacknowledgedMissing: number;
  doubled: number;
  neverBack: number;
};
type Typist = { client: Client; name: string; serial: number; waiting: { token: string; isAnswered: () => boolean }[] };

async function until(what: string, isTrue: () => boolean): Promise<void> {
  const end = Date.now() + ANSWER_LIMIT_MS;
  while (!isTrue()) {
    if (Date.now() > end) throw new Error(`${what} did not come within ${ANSWER_LIMIT_MS / 1_000} s`);
    await pause(10);
  }
}

function type(typist: Typist): void {
  typist.serial += 1;
  const token = `<${typist.name}.${typist.serial}>`;
  typist.client.type(token);
  typist.waiting.push({ token, isAnswered: typist.client.barrier() });
}

function timesIn(text: string, token: string): number {
  return text.split(token).length - 1;
}

/** The text as somebody sees it who was not there before. */
async function storedText(url: string, name: string): Promise<string> {
  const reader = new Client(url, name, PROCESS_TOKEN);
  await until("the stored document", () => reader.provider.synced);
  const { text } = reader;
  reader.provider.destroy();
  return text;
}

/** Types until the kill; answers what was acknowledged by then, and what was not. */
async function typeAndKill(server: ServerProcess, typists: readonly Typist[]) {
  for (const typist of typists) typist.waiting = [];
  let isOver = false;
  const typing = typists.map(async (typist) => {
    while (!isOver) {
      type(typist);
      await pause(KEY_EVERY_MS);
    }
  });
  await pause(TYPING_MS_MIN + Math.random() * (TYPING_MS_MAX - TYPING_MS_MIN));
  // What reaches the clients after this line was sent before the kill.
  await server.killHard();
  isOver = true;
  await Promise.all(typing);
  const all = typists.flatMap((typist) => typist.waiting);
  for (const typist of typists) typist.client.provider.disconnect();
  return {
    acknowledged: all.filter((each) => each.isAnswered()).map((each) => each.token),
    open: all.filter((each) => !each.isAnswered()).map((each) => each.token),
  };
}

async function runRounds(place: BenchPlace, rounds: number): Promise<Counts> {
  const counts = { typed: 0, acknowledged: 0, lost: 0, unacknowledgedMissing: 0, doubled: 0, neverBack: 0 };
  const environment = { ...place.environment, MUSTER_API_TOKEN: PROCESS_TOKEN, PORT: String(await freePort()) };
  let server = await startServerProcess(environment);
  const incident = await server.ask<{ id: string }>("POST", "/api/v1/incidents", { title: "Typing" });
  const name = `incidents/${incident.body.id}/summary`;
  const url = `${server.url.replace("http", "ws")}/sync`;
  const typists: Typist[] = Array.from({ length: TYPISTS }, (_, n) => ({
    client: new Client(url, name, PROCESS_TOKEN),
    name: String.fromCharCode(97 + n),
    serial: 0,
    waiting: [],
  }));
  const areSynced = () => typists.every(({ client }) => client.provider.synced);
  try {
    await until("the document", areSynced);
    const tokens: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const { acknowledged, open } = await typeAndKill(server, typists);
      tokens.push(...acknowledged, ...open);
      server = await startServerProcess(environment);
      // First without those who typed, who would bring back what the server lost.
      const text = await storedText(url, name);
      counts.typed += acknowledged.length + open.length;
      counts.acknowledged += acknowledged.length;
      counts.lost += acknowledged.filter((token) => timesIn(text, token) === 0).length;
      counts.unacknowledgedMissing += open.filter((token) => timesIn(text, token) === 0).length;
      for (const { client } of typists) client.provider.connect();
      await until("the document after the restart", areSynced);
      const answers = typists.map(({ client }) => client.barrier());
      await until("the barrier after the restart", () => answers.every((isAnswered) => isAnswered()));
    }
    const text = await storedText(url, name);
    counts.doubled = tokens.filter((token) => timesIn(text, token) > 1).length;
    counts.neverBack = tokens.filter((token) => timesIn(text, token) === 0).length;
    return counts;
  } finally {
    for (const { client } of typists) client.provider.destroy();
    await server.killHard();
  }
}

/** SIGKILL while several people type in one document: edits acknowledged and lost, and edits doubled. @throws Error unless both are 0 */
export async function benchDurability(): Promise<void> {
  const rounds = Number(process.env.BENCH_ROUNDS ?? ROUNDS_DEFAULT);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error("BENCH_ROUNDS must be a whole number from 1.");
  const places = await makePlaces();
  const results = [];
  for (const [index, place] of places.entries()) {
    const share = Math.ceil((rounds - index) / places.length);
    try {
      if (share > 0) results.push({ engine: place.engine, rounds: share, ...(await runRounds(place, share)) });
    } finally {
      await place.close();
    }
  }
  printTable(
    results.map((result) => ({
      database: result.engine,
      kills: result.rounds,
      typed: result.typed,
      acknowledged: result.acknowledged,
      "acknowledged and lost": result.lost,
      doubled: result.doubled,
      allowed: 0,
      "cut off by the kill": result.unacknowledgedMissing,
      "not back with their author": result.neverBack,
    })),
  );
  recordResult("durability", { typists: TYPISTS, results });
  const isKept = results.every((result) => result.lost === 0 && result.doubled === 0 && result.neverBack === 0);
  if (!isKept) throw new Error("edits were lost or doubled.");
}
