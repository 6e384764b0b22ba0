import { join } from "node:path";
import { eq, sql } from "drizzle-orm";
import { openEmbedded } from "#/db/client.ts";
import { incidents, timelineEntries } from "#/db/schema/index.ts";
import type { Muster } from "./muster.ts";

const INSERT_ROWS = 500;

/** What the n-th entry of a long incident was: two alerts, two changes, and a note now and then. */
function entryOf(n: number) {
  const event = (type: string, data: Record<string, unknown>) => ({ kind: "event" as const, type, data, body: null });
  if (n % 5 === 0) {
    const log = n % 50 === 0 ? "\n\n```\n2026-11-21T10:01:44Z pool: 50/50 in use\n```" : "";
    return {
      kind: "note" as const,
      type: "note",
      data: {},
      body: `Observation **${n}**: queue length is ${n * 3}.${log}`,
    };
  }
  if (n % 5 === 1) return event("alert.attached", { alertTitle: `HighErrorRate ${n}`, service: "checkout" });
  if (n % 5 === 2) return event("alert.resolved", { alertTitle: `HighErrorRate ${n - 1}` });
  if (n % 5 === 3) return event("task.created", { title: `Check host ${n}` });
  return event("incident.severity_changed", { from: "SEV2", to: "SEV1" });
}

/**
 * Starts a server whose one incident has this many entries. They are written into the database while nobody has it
 * open: by the API it would take minutes.
 */
export async function withLongTimeline(muster: Muster, count: number): Promise<{ id: string; reference: string }> {
  const incident = await muster.api<{ id: string; reference: string }>("POST", "/api/v1/incidents", {
    title: "A very long night",
    severity: "SEV2",
  });
  await muster.stop();
  const db = await openEmbedded(join(muster.dataDir, "database"));
  const startedAt = Date.now() - count * 10_000;
  const [row] = await db.read.select({ seq: incidents.lastSeq }).from(incidents).where(eq(incidents.id, incident.id));
  const before = row?.seq ?? 0;
  const beginning = new Date(startedAt);
  await db.read
    .update(timelineEntries)
    .set({ at: beginning, recordedAt: beginning })
    .where(eq(timelineEntries.incidentId, incident.id));
  for (let from = 0; from < count - before; from += INSERT_ROWS) {
    const entries = Array.from({ length: Math.min(INSERT_ROWS, count - before - from) }, (_, index) => {
      const n = from + index + 1;
      const at = new Date(startedAt + n * 10_000);
      return { incidentId: incident.id, seq: before + n, at, recordedAt: at, actorName: "Ada", ...entryOf(n) };
    });
    await db.read.insert(timelineEntries).values(entries);
  }
  await db.read
    .update(incidents)
    .set({ lastSeq: sql`${count}` })
    .where(eq(incidents.id, incident.id));
  await db.close();
  await muster.start();
  return incident;
}
