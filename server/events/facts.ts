import { EventEmitter } from "node:events";

/** The parts of a room that a change can touch; browsers get the full new state of each. */
export const roomParts = [
  "incident",
  "timeline",
  "roster",
  "tasks",
  "alerts",
  "updates",
  "postmortem",
  "files",
  "access",
  "invitations",
  "changes",
  "chat",
] as const;
export type RoomPart = (typeof roomParts)[number];

/** Something changed and is committed: which incident, its sequence number, which parts, which timeline entry. */
export type Fact = { incidentId: string; seq: number; parts: readonly RoomPart[]; entryId?: string };

/** Somebody's rights changed: sockets of this user, or of this session, must be looked at again. */
export type AccessChange = { userId: string; sessionId?: string };

/** Something that one person should hear of now: the id of the notification. */
export type PersonalFact = { userId: string; notificationId: string };

type FactEvents = { fact: [Fact]; access: [AccessChange]; page: []; personal: [PersonalFact] };
/** Carries committed changes to whoever shows them. In this process only; what is missed is read from the database. */
export type FactBus = EventEmitter<FactEvents>;

export function createFactBus(): FactBus {
  const bus: FactBus = new EventEmitter();
  bus.setMaxListeners(0);
  return bus;
}
