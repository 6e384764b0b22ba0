import { asc, eq } from "drizzle-orm";
import { alerts, integrations, timelineEntries } from "#/db/schema/index.ts";
import { encrypt } from "#/server/platform/crypto.ts";
import { DECISION_JOB } from "#/server/timeline/index.ts";
import { registerSourceEnds, tellSource } from "#/server/triage/end-at-source.ts";
import { registerDecisions } from "#/server/triage/tell-decision.ts";
import { registerTelling, TELL_JOB, tellAgain } from "#/server/triage/tell-people.ts";
import { registerSlackCards, tellDecided } from "#/server/updates/tell-slack.ts";
import { testOutbox } from "#/server/updates/test-outbox.ts";

/** An outbox in which triage incidents are told, decided, and ended at their sources, as on a running server. */
export async function testTriage(config: Parameters<typeof testOutbox>[0] = {}) {
  const test = await testOutbox(config);
  registerTelling(test.core);
  registerDecisions(test.core);
  registerSlackCards(test.core);
  registerSourceEnds(test.core, test.world.outside);
  test.ends.source = (row) => tellSource(test.core, test.world.outside, row);
  test.workers.set(DECISION_JOB, (data) => tellDecided(test.core, String(data.entryId)));
  test.workers.set(TELL_JOB, (data) => tellAgain(test.core, String(data.incidentId), Number(data.wave)));
  const q = test.core.db.read;
  return {
    ...test,
    /** What the timeline says of one kind of event. */
    async entriesOf(incidentId: string, type: string) {
      const entries = await q
        .select()
        .from(timelineEntries)
        .where(eq(timelineEntries.incidentId, incidentId))
        .orderBy(asc(timelineEntries.seq));
      return entries.filter((entry) => entry.type === type);
    },
    /** An alert of an incident, from an integration with these secrets. */
    async alertOf(
      incidentId: string | null,
      given: { source: string; dedupKey?: string; token?: string; forwardUrl?: string } & Partial<
        typeof alerts.$inferInsert
      >,
    ) {
      const { source, token, forwardUrl, dedupKey = "k1", ...fields } = given;
      const { authSecret } = test.core.config;
      const sealed = (purpose: string, value: string | undefined) =>
        value ? encrypt(authSecret, purpose, value) : null;
      const [integration] = await q
        .insert(integrations)
        .values({
          name: source,
          source,
          keyHash: `${source} ${Math.random()}`,
          keySealed: "",
          sourceTokenSealed: sealed("integration-source-token", token),
          forwardUrlSealed: sealed("integration-forward", forwardUrl),
        })
        .returning();
      const now = test.clock.at;
      const [alert] = await q
        .insert(alerts)
        .values({
          integrationId: integration?.id ?? "",
          source,
          dedupKey,
          title: "HighErrorRate",
          status: "firing",
          severity: "critical",
          firstAt: now,
          lastAt: now,
          startsAt: now,
          incidentId,
          explanation: { rule: "test", text: "A test.", at: now.toISOString() },
          ...fields,
        })
        .returning();
      if (!alert || !integration) throw new Error("an inserted alert was not returned");
      return { alert, integration };
    },
  };
}
export type TestTriage = Awaited<ReturnType<typeof testTriage>>;
