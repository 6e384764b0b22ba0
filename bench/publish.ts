import { setTimeout as pause } from "node:timers/promises";
import { outsideWorld } from "#/server/testing/outside-world.ts";
import { PROCESS_TOKEN, type ServerProcess, startServerProcess } from "#/server/testing/server-process.ts";
import { numberOption } from "./options.ts";
import { type BenchPlace, makePlaces } from "./places.ts";
import { printTable, quantile, recordResult } from "./report.ts";

/** The promise: from the press until the page is swapped, Slack has it, and every mail is handed over. */
const LIMIT_MS = 2_000;
const READERS = 100;
const UPDATES = 20;
/** The first ones load code; they are sent, and not counted. */
const WARM_UP = 3;
/** What has not arrived by then does not arrive. */
const ARRIVED_LIMIT_MS = 60_000;
/** How often the page is asked: what is measured is at most this much too long. */
const LOOK_MS = 10;

type Sample = { answerMs: number; pageMs: number; slackMs: number; mailMs: number; allMs: number };

async function untilTrue(isTrue: () => boolean | Promise<boolean>): Promise<number> {
  const end = performance.now() + ARRIVED_LIMIT_MS;
  while (!(await isTrue())) {
    if (performance.now() > end) throw new Error("an update did not arrive everywhere within a minute");
    await pause(LOOK_MS);
  }
  return performance.now();
}

async function addReaders(server: ServerProcess, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    await server.ask("POST", "/api/v1/subscribers", { email: `reader${n}@example.com`, confirmed: true });
  }
}

async function measurePlace(place: BenchPlace, readers: number, updates: number): Promise<Sample[]> {
  const world = await outsideWorld();
  const server = await startServerProcess({
    ...place.environment,
    ...world.environment,
    MUSTER_API_TOKEN: PROCESS_TOKEN,
  });
  try {
    await addReaders(server, readers);
    const samples: Sample[] = [];
    for (let n = 0; n < WARM_UP + updates; n += 1) {
      const marker = `marker-${n}-x`;
      const incident = await server.ask<{ id: string }>("POST", "/api/v1/incidents", { title: `Slow ${n}` });
      const pressedAt = performance.now();
      const answer = await server.ask("POST", `/api/v1/incidents/${incident.body.id}/updates`, {
        status: "resolved",
        title: "Checkout",
        body: marker,
        channels: ["status_page", "slack", "email"],
      });
      if (answer.status !== 201) throw new Error(`publishing was answered ${answer.status}`);
      const answeredAt = performance.now();
      const [pageAt, slackAt, mailAt] = await Promise.all([
        untilTrue(async () =>
          (await server.ask("GET", "/api/v2/incidents.json", undefined, { token: null })).text.includes(marker),
        ),
        untilTrue(() => world.messages.at(-1)?.text.includes(marker) ?? false),
        untilTrue(() => world.mails.length >= (n + 1) * readers),
      ]);
      const of = (at: number) => Math.round(at - pressedAt);
      if (n >= WARM_UP) {
        samples.push({
          answerMs: of(answeredAt),
          pageMs: of(pageAt),
          slackMs: of(slackAt),
          mailMs: of(mailAt),
          allMs: of(Math.max(pageAt, slackAt, mailAt)),
        });
      }
    }
    const twice = world.mails.length - (WARM_UP + updates) * readers;
    if (twice > 0) throw new Error(`${twice} mails went twice`);
    return samples;
  } finally {
    await server.killHard();
    await world.close();
  }
}

/**
 * From the press of *Publish update* until everybody has it: the page swapped, Slack posted, 100 mails handed over;
 * beside the promise, on both databases. `--readers=`, `--updates=`.
 */
export async function benchPublish(): Promise<void> {
  const readers = numberOption("readers", READERS);
  const updates = numberOption("updates", UPDATES);
  const results = [];
  for (const place of await makePlaces()) {
    try {
      const samples = await measurePlace(place, readers, updates);
      const p95 = (pick: (sample: Sample) => number) => quantile(samples.map(pick), 0.95);
      results.push({
        engine: place.engine,
        updates: samples.length,
        readers,
        answerP95Ms: p95((sample) => sample.answerMs),
        pageP95Ms: p95((sample) => sample.pageMs),
        slackP95Ms: p95((sample) => sample.slackMs),
        allP50Ms: quantile(
          samples.map((sample) => sample.allMs),
          0.5,
        ),
        allP95Ms: p95((sample) => sample.allMs),
      });
    } finally {
      await place.close();
    }
  }
  printTable(
    results.map((result) => ({
      database: result.engine,
      updates: result.updates,
      mails: result.readers,
      "answer p95 ms": result.answerP95Ms,
      "page p95 ms": result.pageP95Ms,
      "Slack p95 ms": result.slackP95Ms,
      "everybody p50 ms": result.allP50Ms,
      "everybody p95 ms": result.allP95Ms,
      limit: `p95 <= ${LIMIT_MS}`,
      kept: result.allP95Ms <= LIMIT_MS ? "yes" : "no",
    })),
  );
  recordResult("publish", { limitMs: LIMIT_MS, results });
}
