import type { UserActor } from "#/server/access/index.ts";

/** One connection's place in a live document. */
export type Seat = {
  readonly actor: UserActor;
  /** Client ids that it has brought structs of. */
  readonly clients: Set<number>;
  /** Its first full answer was taken: from now on it can have nothing that the room lacks. */
  hasSynced: boolean;
  /** It claimed a client id that belongs to somebody else. */
  isSuspect: boolean;
  /** Updates by others, in order; one list for all who get the same. */
  receive(updates: readonly Uint8Array[]): void;
  /** The document ends for this connection. */
  end(closeCode: number): void;
};
