import { setTimeout as pause } from "node:timers/promises";
import { quantile } from "../report.ts";
import { Line } from "./line.ts";
import { type Newsroom, versionOf } from "./newsroom.ts";

const PATHS = ["/status", "/api/v2/summary.json"] as const;

export type Watched = {
  viewers: number;
  requests: number;
  /** No whole answer, or another status than 200. */
  errors: number;
  p50Ms: number;
  p99Ms: number;
  /** From the API's answer to a publish until the last viewer who asked saw it. */
  newContentMs: number;
  /** Documents of two versions at once, and viewers who went back in time. */
  mixed: number;
};

type Tally = { ms: number[]; errors: number; mixed: number; newContentMs: number };

/** One viewer: asks, rests, asks again, and never sees something older than before. */
async function view(line: Line, everyMs: number, offsetMs: number, until: number, news: Newsroom, tally: Tally) {
  let last = -1;
  await pause(offsetMs);
  for (let turn = 0; performance.now() < until; turn += 1) {
    const path = PATHS[turn % PATHS.length] ?? PATHS[0];
    const asked = performance.now();
    const answer = await line.get(path).catch(() => undefined);
    if (answer?.status !== 200) tally.errors += 1;
    else {
      tally.ms.push(answer.ms);
      const version = versionOf(path, answer.body);
      if (version === undefined || version < last) tally.mixed += 1;
      else last = version;
      const missed = news.publishedAt[(version ?? -1) + 1];
      // What was published before this was asked for, and is not in the answer, is that late by now.
      if (missed !== undefined && missed < asked) {
        tally.newContentMs = Math.max(tally.newContentMs, asked - missed);
      }
    }
    await pause(Math.max(0, everyMs - (performance.now() - asked)));
  }
  line.close();
}

type Watch = { url: string; viewers: number; perSecond: number; seconds: number; news: Newsroom };

/** Many viewers at once, spread evenly, while something may be published. */
export async function watchPage({ url, viewers, perSecond, seconds, news }: Watch): Promise<Watched> {
  const tally: Tally = { ms: [], errors: 0, mixed: 0, newContentMs: 0 };
  const everyMs = (viewers / perSecond) * 1_000;
  const until = performance.now() + seconds * 1_000;
  await Promise.all(
    Array.from({ length: viewers }, (_, n) =>
      view(new Line(url), everyMs, (n * everyMs) / viewers, until, news, tally),
    ),
  );
  return {
    viewers,
    requests: tally.ms.length + tally.errors,
    errors: tally.errors,
    p50Ms: quantile(tally.ms, 0.5),
    p99Ms: quantile(tally.ms, 0.99),
    newContentMs: tally.newContentMs,
    mixed: tally.mixed,
  };
}

/** Publishes every so often until the time is over. */
export async function publishFor(news: Newsroom, seconds: number, everyMs: number): Promise<void> {
  const until = performance.now() + seconds * 1_000;
  while (performance.now() + everyMs < until) {
    await pause(everyMs);
    await news.publish();
  }
}
