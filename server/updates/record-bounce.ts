import { and, eq, inArray } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { deliveries } from "#/db/schema/index.ts";
import { systemActor } from "#/server/access/index.ts";
import { suppressAddress } from "#/server/audience/index.ts";
import { type Core, type Ctx, ctxFor, touchRoom } from "#/server/events/index.ts";
import { type BounceReport, readBounce } from "#/server/notify/index.ts";
import { type DeliveryRow, saveDelivery } from "./delivery-store.ts";

async function recordOne(tx: Sql, ctx: Ctx, row: DeliveryRow, report: BounceReport): Promise<void> {
  const isReader = row.subscriberId !== null;
  if (report.what === "complaint") {
    // It arrived all the same: only what comes next is stopped.
    if (isReader) {
      await suppressAddress(tx, ctx, { email: row.destination, cause: "complaint", reason: report.reason });
    }
    return;
  }
  const isSuppressed = isReader && report.what === "gone";
  await saveDelivery(tx, row.id, {
    state: isSuppressed ? "suppressed" : "failed",
    lastError: `It came back: ${report.reason}`,
    nextAttemptAt: null,
  });
  if (isSuppressed) {
    await suppressAddress(tx, ctx, { email: row.destination, cause: "bounce", reason: report.reason });
  }
  if (row.kind !== "notice" && row.incidentId) await touchRoom(tx, ctx, row.incidentId, ["updates"]);
}

/**
 * Takes a mail that somebody's mail system sent back, as it came: finds our mail by its Message-ID, which nobody can
 * guess, and writes down what became of it. Any other mail is no error, and does nothing.
 *
 * One transaction; safe to repeat. Answers how many of our mails it was about.
 */
export async function recordBounce(core: Core, source: Uint8Array): Promise<number> {
  const report = await readBounce(source);
  if (!report) return 0;
  const ctx = ctxFor(core, systemActor);
  return core.db.transaction(async (tx) => {
    const found = await tx
      .select()
      .from(deliveries)
      .where(
        and(
          eq(deliveries.channel, "email"),
          eq(deliveries.state, "sent"),
          inArray(deliveries.providerId, report.messageIds),
        ),
      )
      .for("update");
    for (const row of found) await recordOne(tx, ctx, row, report);
    return found.length;
  });
}
