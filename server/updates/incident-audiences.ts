import { and, isNotNull, isNull, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { components, subscribers } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import { type Mismatch, mismatchOf, type ReachedAudience, selectAudiences } from "#/server/audience/index.ts";
import { FOLLOWERS, PUBLIC_PAGE } from "#/server/audience/shared/reach.ts";
import type { Ctx } from "#/server/events/index.ts";
import { accessTo, findIncidentOrTarget } from "#/server/incidents/index.ts";
import type { Settings } from "#/server/settings/contract.ts";
import { readSettings } from "#/server/settings/index.ts";
import { matchSubject } from "./audience-deliveries.ts";
import type { AudienceChoiceView } from "./contract.ts";
import { NO_MAIL, NO_SLACK, NO_SLACK_CHANNEL } from "./delivery-store.ts";

type Way = AudienceChoiceView["ways"][number];

const mismatchWords: Record<Mismatch, string> = {
  severity: "Not for this severity",
  service: "Not for these services",
  component: "Not for these components",
};

async function countFollowers(q: Sql): Promise<{ all: number; internal: number }> {
  const isActive = and(isNotNull(subscribers.confirmedAt), isNull(subscribers.unsubscribedAt));
  const [found] = await q
    .select({
      all: sql<number>`count(*)::int`,
      internal: sql<number>`(count(*) filter (where ${subscribers.internal}))::int`,
    })
    .from(subscribers)
    .where(isActive);
  return { all: Number(found?.all ?? 0), internal: Number(found?.internal ?? 0) };
}

function mailWay(count: number, settings: Settings): Way {
  return { channel: "email", name: null, count, problem: settings.smtp ? null : NO_MAIL };
}

function builtIn(counts: { all: number; internal: number }, settings: Settings): AudienceChoiceView[] {
  const page: Way = { channel: "status_page", name: settings.statusPage.name, count: 1, problem: null };
  const { slack } = settings;
  const channel = slack?.channel ?? null;
  const slackWay: Way = {
    channel: "slack",
    name: channel,
    count: channel ? 1 : 0,
    problem: slack ? (channel ? null : NO_SLACK_CHANNEL) : NO_SLACK,
  };
  return [
    {
      id: PUBLIC_PAGE,
      name: "Public page",
      kind: "public",
      isBuiltIn: true,
      isMatching: true,
      because: "Everybody",
      ways: [page, mailWay(counts.all, settings)],
    },
    {
      id: FOLLOWERS,
      name: "Internal followers",
      kind: "internal",
      isBuiltIn: true,
      isMatching: true,
      because: "Our own people",
      ways: [slackWay, mailWay(counts.internal, settings)],
    },
  ];
}

function waysOf(audience: ReachedAudience, settings: Settings): Way[] {
  const slack = audience.slackChannels.map(
    (name): Way => ({ channel: "slack", name, count: 1, problem: settings.slack ? null : NO_SLACK }),
  );
  const mail = audience.emails.length > 0 ? [mailWay(audience.emails.length, settings)] : [];
  const places = audience.destinations.map(
    ({ kind, name, disabledAt }): Way => ({
      channel: kind,
      name,
      count: 1,
      problem: disabledAt ? "Switched off under Settings, Destinations." : null,
    }),
  );
  return [...slack, ...mail, ...places];
}

/**
 * Whom an update about an incident reaches, and by which ways: the public page, internal followers, and each named
 * audience with whether it would hear by itself. `named` are ids or public ids of the components that it would name.
 * @throws AppError "not_found" | "forbidden"
 */
export async function incidentAudiences(
  ctx: Ctx,
  key: string,
  named: readonly string[],
): Promise<AudienceChoiceView[]> {
  const q = ctx.db.read;
  const { row: incident } = await findIncidentOrTarget(q, ctx, key);
  requireAbility(ctx.actor, "updates.publish", await accessTo(q, ctx, incident));
  const settings = await readSettings(q, ctx);
  const known =
    named.length === 0 ? [] : await q.select({ id: components.id, publicId: components.publicId }).from(components);
  const ids = known.filter((one) => named.includes(one.id) || named.includes(one.publicId)).map((one) => one.id);
  const subject = await matchSubject(q, incident, ids);
  const groups = (await selectAudiences(q)).map((audience): AudienceChoiceView => {
    const mismatch = mismatchOf(audience, subject);
    return {
      id: audience.id,
      name: audience.name,
      kind: audience.kind,
      isBuiltIn: false,
      isMatching: mismatch === null,
      because: mismatch ? mismatchWords[mismatch] : "Hears of this by itself",
      ways: waysOf(audience, settings),
    };
  });
  return [...builtIn(await countFollowers(q), settings), ...groups];
}
