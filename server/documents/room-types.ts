import type { Actor } from "#/server/access/index.ts";
import type { CommitWindow } from "./committer.ts";
import type { DocumentChange } from "./projections.ts";
import type { Room } from "./room.ts";
import type { Seat } from "./seat.ts";
import type { DocumentKind } from "./shared/lists.ts";
import type { ClientClaim, StoredLog } from "./store.ts";

/** One accepted update on its way to the log. */
export type Entry = {
  bytes: Uint8Array;
  actor: Actor;
  /** Client ids that it is the first to bring. */
  claims: readonly ClientClaim[];
  seat: Seat | null;
  /** Client ids whose structs it brings or deletes. */
  touches: readonly number[];
  /** Passed on to others only once those ids are stored, or what is the server's own. */
  isHeld: boolean;
};

export type BatchRow = { bytes: Uint8Array; authorId: string | null; entries: readonly Entry[] };
/** What one transaction writes. */
export type Batch = { entries: readonly Entry[]; rows: readonly BatchRow[]; changes: readonly DocumentChange[] };

export type RoomOptions = {
  documentId: string;
  incidentId: string;
  kind: DocumentKind;
  epoch: number;
  log: StoredLog;
  owners: Map<number, string | null>;
  /** The tables made from it lag behind its log. */
  isLagging: boolean;
  window: CommitWindow;
  /** True shortly after a start. */
  isRecovering(): boolean;
  commit(room: Room, batch: Batch, attempt: number): Promise<void>;
  onCommitFailed(room: Room, error: unknown, attempt: number): void;
  /** An update passed the gate and threw; the room is rebuilt already. */
  onThrown(room: Room, bytes: Uint8Array, reason: string, authorId: string | null): void;
};
