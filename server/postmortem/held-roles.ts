/** One span in which somebody held a role; `until` is null while they still hold it. */
export type Held = { role: string; name: string; from: Date; until: Date | null };

/** A `role.…` event, in the order of the record. */
export type RoleEvent = { type: string; at: Date; actorName: string; data: Record<string, unknown> };

const taking = new Set(["role.claimed", "role.assigned", "role.accepted", "role.taken_over"]);

function word(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Who held which role from when to when, in the order in which they took it. Pure. */
export function heldRoles(events: readonly RoleEvent[]): Held[] {
  const all: Held[] = [];
  const current = new Map<string, Held>();
  for (const event of events) {
    const role = word(event.data.role);
    if (!role || (!taking.has(event.type) && event.type !== "role.released")) continue;
    const before = current.get(role);
    if (before) before.until = event.at;
    current.delete(role);
    if (event.type === "role.released") continue;
    const held = { role, name: word(event.data.holderName) || event.actorName, from: event.at, until: null };
    all.push(held);
    current.set(role, held);
  }
  return all;
}
