import { randomUUID } from "node:crypto";
import { requireAbility } from "#/server/access/index.ts";
import type { DestinationView } from "#/server/audience/contract.ts";
import { type OpenDestination, openDestination, recordTest, switchOffDestination } from "#/server/audience/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import {
  type ChatMessage,
  type Outside,
  type SendOutcome,
  sendMattermostPost,
  sendTeamsCard,
  sendWebhook,
} from "#/server/notify/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { NO_KEY } from "./send-to-destination.ts";

const NOT_THERE = "There is no such destination.";

async function attempt(ctx: Ctx, outside: Outside, { row, url, secrets }: OpenDestination): Promise<SendOutcome> {
  if (!url || (row.kind === "webhook" && secrets.length === 0)) return { ok: false, kind: "permanent", reason: NO_KEY };
  const now = ctx.now();
  if (row.kind === "webhook") {
    const payload = { type: "test", timestamp: now.toISOString(), data: { destination: row.name, by: ctx.actor.name } };
    return sendWebhook(outside, { url, id: `test_${randomUUID()}`, payload, secrets, now });
  }
  const message: ChatMessage = {
    heading: "Test from Muster",
    body: `${ctx.actor.name} tried whether updates arrive here. They do.`,
    notes: [row.name],
    link: { text: "Open Muster", url: ctx.config.publicUrl },
  };
  return row.kind === "teams"
    ? sendTeamsCard(outside, { url, message })
    : sendMattermostPost(outside, { url, message });
}

/**
 * Sends one test message to a destination, also to one that is switched off, and keeps what came of it.
 *
 * The message goes out between two transactions; one that answers that it is gone is switched off.
 * @throws AppError "forbidden" | "not_found"
 */
export async function testDestination(ctx: Ctx, outside: Outside, id: string): Promise<DestinationView> {
  requireAbility(ctx.actor, "audiences.write");
  const place = await openDestination(ctx.db.read, ctx, id);
  if (!place) throw new AppError("not_found", NOT_THERE);
  const outcome = await attempt(ctx, outside, place);
  return ctx.db.transaction(async (tx) => {
    if (!outcome.ok && outcome.isGone) await switchOffDestination(tx, ctx, id, outcome.reason);
    return recordTest(tx, ctx, id, outcome.ok ? null : outcome.reason);
  });
}
