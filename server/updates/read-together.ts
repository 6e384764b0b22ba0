import { eq, inArray } from "drizzle-orm";
import { incidents, publicIncidents, updates } from "#/db/schema/index.ts";
import { findSubscribers, type SubscriberRow } from "#/server/audience/index.ts";
import type { Core } from "#/server/events/index.ts";
import { Gathering } from "#/server/platform/gathering.ts";
import type { Settings } from "#/server/settings/contract.ts";
import { readSettings } from "#/server/settings/index.ts";

/** An update with what its incident is called, inside and outside. */
export type SentUpdate = {
  update: typeof updates.$inferSelect;
  reference: string;
  title: string;
  publicId: string | null;
};

/** What deliveries that are sent at once read: each is asked for once, after the last of them asked. */
export type Reads = {
  settings(): Promise<Settings>;
  update(id: string): Promise<SentUpdate | undefined>;
  subscriber(id: string): Promise<SubscriberRow | undefined>;
};

const GROUP_MAX = 50;

async function readUpdates(core: Core, ids: readonly string[]): Promise<(SentUpdate | undefined)[]> {
  const found = await core.db.read
    .select({
      update: updates,
      reference: incidents.reference,
      title: incidents.title,
      publicId: publicIncidents.publicId,
    })
    .from(updates)
    .innerJoin(incidents, eq(incidents.id, updates.incidentId))
    .leftJoin(publicIncidents, eq(publicIncidents.incidentId, updates.incidentId))
    .where(inArray(updates.id, [...new Set(ids)]));
  const byId = new Map(found.map((one) => [one.update.id, one]));
  return ids.map((id) => byId.get(id));
}

export function readTogether(core: Core): Reads {
  const settings = new Gathering<null, Settings>(GROUP_MAX, async (group) => {
    const read = await readSettings(core.db.read, core);
    return group.map(() => read);
  });
  const updatesById = new Gathering<string, SentUpdate | undefined>(GROUP_MAX, (ids) => readUpdates(core, ids));
  const subscribersById = new Gathering<string, SubscriberRow | undefined>(GROUP_MAX, async (ids) => {
    const byId = new Map((await findSubscribers(core.db.read, ids)).map((row) => [row.id, row]));
    return ids.map((id) => byId.get(id));
  });
  return {
    settings: () => settings.ask(null),
    update: (id) => updatesById.ask(id),
    subscriber: (id) => subscribersById.ask(id),
  };
}
