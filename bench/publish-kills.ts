import { killPoints, type PublishKillFindings, runPublishKills } from "#/server/testing/publish-kills.ts";
import { numberOption } from "./options.ts";
import { makePlaces } from "./places.ts";
import { printTable, quantile, recordResult } from "./report.ts";

const POINTS = 30;

type Result = PublishKillFindings & { engine: string };

/**
 * SIGKILL of the real process at so many points of a publish, on both databases: each must end with one update, one
 * entry, one update on the page and one message a destination. `--points=`. @throws Error unless it does
 */
export async function benchPublishKills(): Promise<void> {
  const points = killPoints(numberOption("points", POINTS));
  const results: Result[] = [];
  for (const place of await makePlaces()) {
    try {
      results.push({ engine: place.engine, ...(await runPublishKills(place.environment, points)) });
    } finally {
      await place.close();
    }
  }
  for (const { engine, broken } of results) for (const what of broken) process.stdout.write(`  ${engine}: ${what}\n`);
  printTable(
    results.map((result) => ({
      database: result.engine,
      points: result.points,
      broken: result.broken.length,
      allowed: 0,
      "looked for in Slack": result.lookedFor,
      "mails repeated under one Message-ID": result.sentAgain,
      "arrived after restart, p95 ms": quantile(result.settledMs, 0.95),
    })),
  );
  recordResult("publish-kills", { results });
  if (results.some((result) => result.broken.length > 0)) throw new Error("a publish did not arrive everywhere once");
}
