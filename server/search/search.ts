import { and, desc, eq, isNull, or, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import {
  alerts,
  incidents,
  maintenances,
  maintenanceUpdates,
  slackMessages,
  timelineEntries,
} from "#/db/schema/index.ts";
import { can, requireAbility, visibleTo } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { wellFormedText } from "#/server/platform/well-formed.ts";
import { SEARCH_WORDS_MAX, type SearchHitView, type SearchQuery } from "./contract.ts";
import { excerptOf, hasMatch, likePattern, wordsOf } from "./excerpt.ts";

type Asked = { words: readonly string[]; limit: number };

/** Every word occurs in at least one of the columns. */
function allWordsIn(words: readonly string[], ...columns: SQLWrapper[]): SQL | undefined {
  return and(...words.map((word) => or(...columns.map((column) => sql`${column} ilike ${likePattern(word)}`))));
}

const incidentRef = { id: incidents.id, reference: incidents.reference, title: incidents.title };

async function searchIncidents(q: Sql, ctx: Ctx, { words, limit }: Asked): Promise<SearchHitView[]> {
  const list = await q
    .select({ ...incidentRef, summary: incidents.summary, at: incidents.declaredAt })
    .from(incidents)
    .where(and(visibleTo(ctx.actor), allWordsIn(words, incidents.reference, incidents.title, incidents.summary)))
    .orderBy(desc(incidents.declaredAt))
    .limit(limit);
  return list.map(({ id, reference, title, summary, at }) => {
    const field = hasMatch(title, words) ? "title" : hasMatch(reference, words) ? "reference" : "summary";
    const text = { title, reference, summary }[field];
    return {
      kind: "incident" as const,
      id,
      incident: { id, reference, title },
      at: at.toISOString(),
      title,
      field,
      ...excerptOf(text, words),
    };
  });
}

async function searchNotes(q: Sql, ctx: Ctx, { words, limit }: Asked): Promise<SearchHitView[]> {
  const list = await q
    .select({
      id: timelineEntries.id,
      at: timelineEntries.at,
      author: timelineEntries.actorName,
      body: timelineEntries.body,
      incident: incidentRef,
    })
    .from(timelineEntries)
    .innerJoin(incidents, eq(incidents.id, timelineEntries.incidentId))
    .where(
      and(
        visibleTo(ctx.actor),
        eq(timelineEntries.kind, "note"),
        isNull(timelineEntries.deletedAt),
        allWordsIn(words, timelineEntries.body),
      ),
    )
    .orderBy(desc(timelineEntries.at))
    .limit(limit);
  return list.map(({ id, at, author, body, incident }) => ({
    kind: "note" as const,
    id,
    incident,
    at: at.toISOString(),
    title: `Note by ${author} in ${incident.reference}`,
    field: "body" as const,
    ...excerptOf(body ?? "", words),
  }));
}

/** What was said in the channels of incidents. */
async function searchMessages(q: Sql, ctx: Ctx, { words, limit }: Asked): Promise<SearchHitView[]> {
  const list = await q
    .select({
      id: slackMessages.id,
      at: slackMessages.at,
      author: slackMessages.authorName,
      text: slackMessages.text,
      incident: incidentRef,
    })
    .from(slackMessages)
    .innerJoin(incidents, eq(incidents.id, slackMessages.incidentId))
    .where(and(visibleTo(ctx.actor), isNull(slackMessages.deletedAt), allWordsIn(words, slackMessages.text)))
    .orderBy(desc(slackMessages.at))
    .limit(limit);
  return list.map(({ id, at, author, text, incident }) => ({
    kind: "message" as const,
    id,
    incident,
    at: at.toISOString(),
    title: `${author} in Slack, ${incident.reference}`,
    field: "body" as const,
    ...excerptOf(text, words),
  }));
}

async function searchAlerts(q: Sql, ctx: Ctx, { words, limit }: Asked): Promise<SearchHitView[]> {
  if (!can(ctx.actor, "alerts.read")) return [];
  const list = await q
    .select({ id: alerts.id, at: alerts.lastAt, title: alerts.title, incident: incidentRef })
    .from(alerts)
    .leftJoin(incidents, eq(incidents.id, alerts.incidentId))
    // What hangs on a private incident is as private as it.
    .where(and(or(isNull(alerts.incidentId), visibleTo(ctx.actor)), allWordsIn(words, alerts.title)))
    .orderBy(desc(alerts.lastAt))
    .limit(limit);
  return list.map(({ id, at, title, incident }) => ({
    kind: "alert" as const,
    id,
    incident,
    at: at.toISOString(),
    title,
    field: "title" as const,
    ...excerptOf(title, words),
  }));
}

/** By the title, and by everything that was said of it; the one that begins last comes first. */
async function searchMaintenances(q: Sql, ctx: Ctx, { words, limit }: Asked): Promise<SearchHitView[]> {
  if (!can(ctx.actor, "maintenance.read")) return [];
  const { maintenanceId, body, publishedAt } = maintenanceUpdates;
  const said = q
    .select({ maintenanceId, text: sql<string>`string_agg(${body}, chr(10) order by ${publishedAt} desc)`.as("text") })
    .from(maintenanceUpdates)
    .groupBy(maintenanceId)
    .as("said");
  const list = await q
    .select({ id: maintenances.id, at: maintenances.fromAt, title: maintenances.title, text: said.text })
    .from(maintenances)
    .innerJoin(said, eq(said.maintenanceId, maintenances.id))
    .where(allWordsIn(words, maintenances.title, said.text))
    .orderBy(desc(maintenances.fromAt))
    .limit(limit);
  return list.map(({ id, at, title, text }) => {
    const field = hasMatch(title, words) ? "title" : "body";
    return {
      kind: "maintenance" as const,
      id,
      incident: null,
      at: at.toISOString(),
      title,
      field,
      ...excerptOf(field === "title" ? title : text, words),
    };
  });
}

/**
 * The newest incidents, notes, alerts, messages and maintenance in which every word of the query occurs, in any case, as far as the actor
 * may see them. Reads only.
 */
export async function search(ctx: Ctx, query: SearchQuery): Promise<SearchHitView[]> {
  requireAbility(ctx.actor, "incidents.read");
  const words = wordsOf(wellFormedText(query.q), SEARCH_WORDS_MAX);
  if (words.length === 0) return [];
  const asked = { words, limit: query.limit };
  const q = ctx.db.read;
  const found = await Promise.all([
    searchIncidents(q, ctx, asked),
    searchNotes(q, ctx, asked),
    searchAlerts(q, ctx, asked),
    searchMessages(q, ctx, asked),
    searchMaintenances(q, ctx, asked),
  ]);
  return found
    .flat()
    .sort((one, other) => (one.at < other.at ? 1 : -1))
    .slice(0, query.limit);
}
