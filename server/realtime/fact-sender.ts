import { systemActor } from "#/server/access/index.ts";
import { type Core, ctxFor, type Fact, type RoomPart } from "#/server/events/index.ts";
import { findIncident, type IncidentRow } from "#/server/incidents/index.ts";
import { messageOf } from "#/server/platform/errors.ts";
import { getEntry } from "#/server/timeline/index.ts";
import type { RoomFact } from "./contract.ts";
import { readParts } from "./room-view.ts";

/** More than this many changes at once are not sent one by one: clients see the gap and read the room again. */
const FACTS_AT_ONCE_MAX = 200;

type Sinks = {
  /** Whether anybody would get a fact of this incident. */
  isWatched(incidentId: string): boolean;
  send(row: IncidentRow, facts: readonly RoomFact[]): void;
};

/**
 * Turns committed changes into what browsers get, in order for each incident.
 * What gathers while one batch is read goes together: the parts are read once, each entry and number is still told.
 */
export function createFactSender(core: Core, sinks: Sinks): (fact: Fact) => void {
  const ctx = ctxFor(core, systemActor);
  const waiting = new Map<string, Fact[]>();
  const busy = new Set<string>();

  async function read(incidentId: string, facts: readonly Fact[]): Promise<void> {
    const row = await findIncident(core.db.read, ctx, incidentId);
    const parts = new Set<RoomPart>(facts.flatMap((fact) => fact.parts));
    const state = await readParts(ctx, row, parts);
    const out: RoomFact[] = [];
    for (const fact of facts.slice(-FACTS_AT_ONCE_MAX)) {
      const entry = fact.entryId ? await getEntry(ctx, fact.entryId) : undefined;
      out.push({ incidentId, seq: fact.seq, ...(entry && { entry }) });
    }
    const last = out.at(-1);
    if (last) Object.assign(last, state);
    sinks.send(row, out);
  }

  async function run(incidentId: string): Promise<void> {
    busy.add(incidentId);
    try {
      for (let facts = waiting.get(incidentId); facts; facts = waiting.get(incidentId)) {
        waiting.delete(incidentId);
        facts.sort((a, b) => a.seq - b.seq);
        await read(incidentId, facts);
      }
    } catch (error) {
      // Clients see the gap at the next fact, or when they connect again.
      core.log.warn({ incidentId, error: messageOf(error) }, "a change could not be told to the room");
    } finally {
      busy.delete(incidentId);
    }
  }

  return (fact) => {
    if (!sinks.isWatched(fact.incidentId)) return;
    waiting.set(fact.incidentId, [...(waiting.get(fact.incidentId) ?? []), fact]);
    if (!busy.has(fact.incidentId)) void run(fact.incidentId);
  };
}
