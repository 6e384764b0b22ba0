import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { rows, type Sql } from "#/db/client.ts";
import { insertRows } from "#/db/insert-rows.ts";
import { alertGroups, alerts, incidents, serviceDependencies, services } from "#/db/schema/index.ts";
import { type Ctx, type NewEvent, type RoomPart, recordEvents, touchRoom } from "#/server/events/index.ts";
import { type IncidentRow, mergeTarget, resolveServices } from "#/server/incidents/index.ts";
import { isOpen } from "#/server/incidents/shared/lists.ts";
import { evidenceWith } from "../correlation/evidence.ts";
import type { Candidate, ServiceEdge } from "../correlation/relate.ts";
import type { KnownAlert } from "../known-alerts.ts";
import type { AlertRow } from "../place-alert.ts";
import { readCandidates } from "./candidates.ts";
import type { PlacedIncident } from "./decide.ts";
import { folded } from "./fold-events.ts";
import { groupKeyOfService, type Match } from "./match-route.ts";
import { forgetRouting, type Routing, readRouting } from "./routing.ts";

export type Group = typeof alertGroups.$inferSelect;
type Service = { id: string; name: string };

const EDGES_MAX = 20_000;

/** An incident as placing sees it: a private one that ended is not spoken of. */
function placed(row: IncidentRow): PlacedIncident | null {
  if (row.mode !== "live") return null;
  if (isOpen(row.status)) return { id: row.id, reference: row.reference, endedAt: null };
  if (row.visibility !== "public") return null;
  return { id: row.id, reference: row.reference, endedAt: row.resolvedAt ?? row.updatedAt };
}

/**
 * One transaction of the pipeline: what it read once it does not read again, and what it would write often it writes once.
 *
 * Turns of all processes follow one another (an advisory lock is the first thing they take), so that what one places
 * the next one sees: a storm opens one incident for each group. Locks are taken in this order: the turn, alerts by
 * their ids, incidents.
 */
export class Turn {
  readonly tx: Sql;
  readonly ctx: Ctx;
  routing: Routing;
  /** What is known of the keys that are still to come, by key. */
  foreseen = new Map<string, KnownAlert>();
  readonly #services = new Map<string, Service | null>();
  readonly #groups = new Map<string, Group | null>();
  readonly #incidents = new Map<string, IncidentRow>();
  readonly #ofService = new Map<string, IncidentRow | null>();
  readonly #stale = new Set<Group>();
  readonly #events = new Map<string, NewEvent[]>();
  readonly #touched = new Map<string, Set<RoomPart>>();
  #newAlerts: AlertRow[] = [];
  #candidates: Candidate[] | null = null;
  #edges: ServiceEdge[] | null = null;

  private constructor(tx: Sql, ctx: Ctx, routing: Routing) {
    this.tx = tx;
    this.ctx = ctx;
    this.routing = routing;
  }

  /** Waits for the turn, which ends with the transaction; the caller calls `finish` before it commits. */
  static async take(tx: Sql, ctx: Ctx): Promise<Turn> {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('alerts.turn', 0))`);
    return new Turn(tx, ctx, await readRouting(tx, ctx));
  }

  /** Routes named something that is gone since they were read. */
  async rereadRouting(): Promise<void> {
    forgetRouting(this.ctx);
    this.routing = await readRouting(this.tx, this.ctx);
  }

  /** A service by id or name; a new name makes it. */
  async service(key: string | null): Promise<Service | null> {
    const named = key?.trim().toLowerCase();
    if (!key || !named) return null;
    const known = this.#services.get(named);
    if (known !== undefined) return known;
    const [id] = await resolveServices(this.tx, [key]);
    const [found] = id
      ? await this.tx.select({ id: services.id, name: services.name }).from(services).where(eq(services.id, id))
      : [];
    this.#services.set(named, found ?? null);
    return found ?? null;
  }

  /** Reads at once the services of these names, their groups, and the incidents of those, which it locks. */
  async foreseeServices(names: readonly string[]): Promise<void> {
    const wanted = [...new Set(names.map((name) => name.trim().toLowerCase()))];
    if (wanted.length === 0) return;
    const found = await this.tx
      .select({ id: services.id, name: services.name })
      .from(services)
      .where(inArray(sql`lower(${services.name})`, wanted));
    if (found.length === 0) return;
    for (const service of found) this.#services.set(service.name.toLowerCase(), service).set(service.id, service);
    const keys = found.map(({ id }) => groupKeyOfService(id));
    const groups = await this.tx.select().from(alertGroups).where(inArray(alertGroups.key, keys));
    for (const key of keys) this.#groups.set(key, groups.find((group) => group.key === key) ?? null);
    const ids = groups.flatMap(({ incidentId }) => incidentId ?? []);
    if (ids.length === 0) return;
    const locked = await this.tx
      .select()
      .from(incidents)
      .where(and(inArray(incidents.id, ids), isNull(incidents.mergedIntoId)))
      .orderBy(incidents.id)
      .for("update");
    for (const row of locked) this.#incidents.set(row.id, row);
  }

  /** Whether a service is still there. */
  async hasService(id: string): Promise<boolean> {
    const known = this.#services.get(id);
    if (known !== undefined) return known !== null;
    const [found] = await this.tx
      .select({ id: services.id, name: services.name })
      .from(services)
      .where(eq(services.id, id));
    this.#services.set(id, found ?? null);
    return found !== undefined;
  }

  async group(key: string): Promise<Group | null> {
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const [found] = await this.tx.select().from(alertGroups).where(eq(alertGroups.key, key));
    this.#groups.set(key, found ?? null);
    return found ?? null;
  }

  /** An incident under its lock, following merges; read once in a turn. */
  async incident(id: string): Promise<IncidentRow> {
    const known = this.#incidents.get(id);
    if (known) return known;
    const lock = async (which: string) => {
      const [row] = await this.tx.select().from(incidents).where(eq(incidents.id, which)).for("update");
      return row ?? (await mergeTarget(this.tx, which));
    };
    let row = await lock(id);
    if (row.mergedIntoId) row = await lock((await mergeTarget(this.tx, row.mergedIntoId)).id);
    this.#incidents.set(id, row).set(row.id, row);
    return row;
  }

  /** What a group's incident is now, or null. */
  async placedIn(group: Group | null): Promise<PlacedIncident | null> {
    return group?.incidentId ? placed(await this.incident(group.incidentId)) : null;
  }

  /**
   * The incident of a service: the oldest open one, else the last that ended after `since`. With `ungrouped` only those
   * that people opened: an incident of a group takes that group's alerts alone.
   */
  async ofService(serviceId: string, since: Date, ungrouped: boolean): Promise<PlacedIncident | null> {
    const memo = `${serviceId}:${ungrouped}:${since.getTime()}`;
    let row = this.#ofService.get(memo);
    if (row === undefined) {
      if (ungrouped) await this.#writeGroups();
      const [found] = await rows<{ id: string }>(
        this.tx,
        sql`select i.id from incidents i join incident_services s on s.incident_id = i.id
          where s.service_id = ${serviceId} and i.mode = 'live'
            and (i.status in ('triage', 'investigating', 'identified', 'monitoring')
              or (i.status in ('resolved', 'closed', 'declined') and i.visibility = 'public'
                and coalesce(i.resolved_at, i.updated_at) > ${since.toISOString()}::timestamptz))
            ${ungrouped ? sql`and not exists (select 1 from alert_groups g where g.incident_id = i.id)` : sql``}
          order by i.status in ('resolved', 'closed', 'declined'),
            case when i.status in ('resolved', 'closed', 'declined') then null else i.declared_at end,
            coalesce(i.resolved_at, i.updated_at) desc
          limit 1`,
      );
      row = found ? await this.incident(found.id) : null;
      this.#ofService.set(memo, row);
    }
    return row && placed(row);
  }

  /** What correlation may join, and how services hang together. */
  async surroundings(): Promise<{ candidates: Candidate[]; edges: ServiceEdge[] }> {
    if (!this.#candidates) await this.#writeGroups();
    this.#candidates ??= await readCandidates(this.tx);
    if (this.#candidates.length > 0 && !this.#edges) {
      this.#edges = await this.tx
        .select({ serviceId: serviceDependencies.serviceId, dependsOnId: serviceDependencies.dependsOnId })
        .from(serviceDependencies)
        .limit(EDGES_MAX);
    }
    return { candidates: this.#candidates, edges: this.#edges ?? [] };
  }

  /** An incident was opened in this turn: what the turn knew of its services is read anew. */
  noteOpened(row: IncidentRow): void {
    this.#incidents.set(row.id, row);
    this.#ofService.clear();
    this.#candidates = null;
  }

  /** An incident's row was saved in this turn. */
  noteChanged(row: IncidentRow): void {
    this.#incidents.set(row.id, row);
  }

  /** Remembers that an alert of the group is in this incident; `recent` are the reports that its threshold counts. */
  async keepGroup(match: Match, incidentId: string | null, recent: number[] = []): Promise<void> {
    const { alert, group } = match;
    const known = await this.group(group.key);
    const isSame = known !== null && known.incidentId === incidentId;
    const { evidence, grew } = evidenceWith(isSame ? known.evidence : undefined, alert);
    const at = alert.startsAt;
    const row: Group = {
      key: group.key,
      incidentId,
      serviceId: alert.service?.id ?? null,
      openedAt: isSame && known.openedAt < at ? known.openedAt : at,
      lastAt: isSame && known.lastAt > at ? known.lastAt : at,
      recent,
      evidence,
    };
    if (known) this.#stale.delete(known);
    this.#groups.set(group.key, row);
    this.#stale.add(row);
    if (!isSame || grew || incidentId === null) this.#candidates = null;
  }

  async #writeGroups(): Promise<void> {
    if (this.#stale.size === 0) return;
    const groups = [...this.#stale];
    this.#stale.clear();
    await this.tx
      .insert(alertGroups)
      .values(groups)
      .onConflictDoUpdate({
        target: alertGroups.key,
        set: {
          incidentId: sql`excluded.incident_id`,
          serviceId: sql`excluded.service_id`,
          openedAt: sql`excluded.opened_at`,
          lastAt: sql`excluded.last_at`,
          recent: sql`excluded.recent`,
          evidence: sql`excluded.evidence`,
        },
      });
  }

  /** A new alert: written with the others of the turn. */
  addAlert(row: AlertRow): void {
    this.#newAlerts.push(row);
  }

  /** Writes the new alerts now: before anything reads alerts other than by what was foreseen. */
  async writeAlerts(): Promise<void> {
    const added = this.#newAlerts;
    this.#newAlerts = [];
    await insertRows(this.tx, alerts, added);
  }

  /** The room of this incident hears of these parts, once for the whole turn. */
  touch(incidentId: string, ...parts: RoomPart[]): void {
    const known = this.#touched.get(incidentId) ?? new Set();
    for (const part of parts) known.add(part);
    this.#touched.set(incidentId, known);
  }

  /** An entry for an incident's timeline; written with the others of the turn, those of many alerts as one. */
  record(event: NewEvent): void {
    const known = this.#events.get(event.incidentId) ?? [];
    known.push(event);
    this.#events.set(event.incidentId, known);
  }

  /** Writes the entries of an incident now: before something else writes into its timeline, or reads it. */
  async writeEntries(incidentId: string): Promise<void> {
    await this.writeAlerts();
    const events = this.#events.get(incidentId) ?? [];
    this.#events.delete(incidentId);
    await recordEvents(this.tx, this.ctx, folded(events));
  }

  /** Writes what was gathered: the last statements of the transaction. */
  async finish(): Promise<void> {
    await this.writeAlerts();
    await this.#writeGroups();
    const events = [...this.#events].sort().flatMap(([, ofOne]) => folded(ofOne));
    this.#events.clear();
    await recordEvents(this.tx, this.ctx, events);
    for (const [incidentId, parts] of [...this.#touched].sort()) {
      const row = await this.incident(incidentId);
      await touchRoom(this.tx, this.ctx, row.id, [...parts]);
    }
    this.#touched.clear();
  }
}
