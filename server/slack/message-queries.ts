import { and, asc, desc, eq, gt, ilike, isNull, or, type SQL, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { slackMessages } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { accessTo, findIncidentOrTarget, type IncidentRow } from "#/server/incidents/index.ts";
import { isOpen } from "#/server/incidents/shared/lists.ts";
import { containsPattern, decodeCursor, pageOf } from "#/server/platform/cursor.ts";
import { readSettings } from "#/server/settings/index.ts";
import { mayLeave } from "#/server/updates/index.ts";
import type { ChatView, SlackMessagesQuery, SlackMessageView } from "./contract.ts";
import { channelOf, presentChannel } from "./open-channel.ts";

type Row = typeof slackMessages.$inferSelect;

function present(row: Row): SlackMessageView {
  return {
    id: row.id,
    seq: row.seq,
    at: row.at.toISOString(),
    author: { id: row.authorId, name: row.authorName },
    text: row.text,
    isReply: row.threadTs !== null,
    editedAt: row.editedAt?.toISOString() ?? null,
    deletedAt: row.deletedAt?.toISOString() ?? null,
    noteId: row.noteId,
  };
}

function withWords(text: string): SQL | undefined {
  const words = text.split(/\s+/).filter(Boolean);
  return and(
    isNull(slackMessages.deletedAt),
    ...words.map((word) => {
      const pattern = containsPattern(word);
      return or(ilike(slackMessages.text, pattern), ilike(slackMessages.authorName, pattern));
    }),
  );
}

/**
 * What was said in the channels of an incident: newest first, or with `afterSeq` what came or changed since, in the
 * order of change. @throws AppError "not_found" | "forbidden" | "invalid" for a foreign cursor
 */
export async function listSlackMessages(
  ctx: Ctx,
  query: { incident: string } & SlackMessagesQuery,
): Promise<{ items: SlackMessageView[]; nextCursor: string | null }> {
  const { row } = await findIncidentOrTarget(ctx.db.read, ctx, query.incident);
  requireAbility(ctx.actor, "incidents.read", await accessTo(ctx.db.read, ctx, row));
  const isCatchUp = query.afterSeq !== undefined;
  const after = isCatchUp
    ? decodeCursor(query.cursor, ["number", "id"])
    : decodeCursor(query.cursor, ["instant", "id"]);
  const { seq, at, id } = slackMessages;
  const beyond = after
    ? isCatchUp
      ? sql`(${seq}, ${id}) > (${Number(after[0])}, ${after[1]}::uuid)`
      : sql`(${at}, ${id}) < (${after[0]}::timestamptz, ${after[1]}::uuid)`
    : undefined;
  const found = await ctx.db.read
    .select()
    .from(slackMessages)
    .where(
      and(
        eq(slackMessages.incidentId, row.id),
        isCatchUp ? gt(seq, Math.min(query.afterSeq ?? 0, 2 ** 31 - 1)) : undefined,
        query.q ? withWords(query.q) : undefined,
        beyond,
      ),
    )
    .orderBy(...(isCatchUp ? [asc(seq), asc(id)] : [desc(at), desc(id)]))
    .limit(query.limit + 1);
  const page = pageOf<Row>(found, query.limit, (last) => [isCatchUp ? last.seq : last.at.toISOString(), last.id]);
  return { items: page.items.map(present), nextCursor: page.nextCursor };
}

/** What a room shows of Slack. The caller has checked that the incident may be seen. */
export async function readChat(q: Sql, ctx: Pick<Ctx, "config" | "log">, row: IncidentRow): Promise<ChatView> {
  const channel = await channelOf(q, row.id);
  const [count] = await q
    .select({
      messages: sql<number>`count(*) filter (where ${slackMessages.deletedAt} is null)::int`,
      seq: sql<number>`coalesce(max(${slackMessages.seq}), 0)::int`,
    })
    .from(slackMessages)
    .where(eq(slackMessages.incidentId, row.id));
  const { slack } = await readSettings(q, ctx);
  return {
    channel: channel ? presentChannel(channel) : null,
    canOpen: slack !== null && mayLeave(row) && isOpen(row.status),
    messages: count?.messages ?? 0,
    seq: count?.seq ?? 0,
  };
}
