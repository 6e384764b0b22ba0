import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { UserActor } from "#/server/access/index.ts";
import { closeCodes, FRAME_BYTES_MAX } from "#/server/documents/contract.ts";
import type { Documents, Room } from "#/server/documents/index.ts";
import { PEOPLE_PER_ROOM_MAX } from "#/server/documents/shared/lists.ts";
import type { Core } from "#/server/events/index.ts";
import { isAppError, messageOf } from "#/server/platform/errors.ts";
import { isAllowedOrigin } from "../origin.ts";
import { type Admitted, admit } from "./admit.ts";
import { Connection } from "./connection.ts";
import { Presence } from "./presence.ts";
import { type ActorFrom, rightsOf } from "./rights.ts";
import { SyncSocket } from "./sync-socket.ts";

export type SyncServerOptions = { core: Core; documents: Documents; actorFrom: ActorFrom };
/** What a connection is chosen by, for closing it. */
export type ConnectionInfo = { actor: UserActor; incidentId: string; kind: string };

export type SyncServer = {
  /** Takes an upgrade on `/sync/…`; whatever is wrong with it is said by the close code. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  closeWhere(predicate: (info: ConnectionInfo) => boolean, code: number): void;
  /** Commits what was accepted, then sends everyone off to come back, spread over a while so that they do not all come at once. */
  drain(spreadMs?: number): Promise<void>;
  readonly connectionCount: number;
};

/** Half of the time after which a y-websocket client that heard nothing connects anew. */
const BEAT_MS = 15_000;
const LAG_CHECK_MS = 250;
/** Sessions and tokens run out without anybody saying so. */
const RECHECK_MS = 60_000;

class SyncGateway implements SyncServer {
  readonly #options: SyncServerOptions;
  readonly #wss = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: FRAME_BYTES_MAX,
    WebSocket: SyncSocket,
  });
  readonly #connections = new Set<Connection>();
  readonly #presences = new WeakMap<Room, Presence>();
  readonly #timers: NodeJS.Timeout[] = [];
  /** Counts changes of rights: what was read before one is read again. */
  #rightsVersion = 0;
  #isDraining = false;

  constructor(options: SyncServerOptions) {
    this.#options = options;
    const { facts } = options.core;
    facts.on("access", ({ userId, sessionId }) => {
      const isMeant = ({ actor }: Connection) =>
        actor.userId === userId && (sessionId === undefined || actor.sessionId === sessionId);
      this.#recheckWhere(isMeant);
    });
    facts.on("fact", ({ incidentId, parts }) => {
      if (parts.includes("access")) this.#recheckWhere((connection) => connection.incidentId === incidentId);
    });
    this.#every(BEAT_MS, (connection) => connection.beat());
    this.#every(LAG_CHECK_MS, (connection) => connection.checkLag());
    this.#timers.push(setInterval(() => void this.#recheckAll(), RECHECK_MS).unref());
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  #every(ms: number, act: (connection: Connection) => void): void {
    const all = () => {
      for (const connection of [...this.#connections]) act(connection);
    };
    this.#timers.push(setInterval(all, ms).unref());
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const onError = () => socket.destroy();
    socket.on("error", onError);
    void this.#decide(request).then((verdict) => {
      socket.off("error", onError);
      let isTaken = false;
      this.#wss.handleUpgrade(request, socket, head, (ws) => {
        isTaken = true;
        this.#attach(ws, verdict);
      });
      if (!isTaken && typeof verdict !== "number") verdict.open.release();
    });
  }

  async #decide(request: IncomingMessage): Promise<Admitted | number> {
    const { core } = this.#options;
    if (this.#isDraining) return closeCodes.comeBackLater;
    if (!isAllowedOrigin(request, core.config)) return closeCodes.forbidden;
    try {
      return await admit({ ...this.#options, request, rightsVersion: () => this.#rightsVersion });
    } catch (error) {
      if (isAppError(error) && error.code === "not_found") return closeCodes.notFound;
      core.log.error({ error: messageOf(error) }, "a document could not be opened");
      return closeCodes.comeBackLater;
    }
  }

  #attach(socket: SyncSocket, verdict: Admitted | number): void {
    const code =
      typeof verdict === "number" ? verdict : this.#isDraining || this.#isFull(verdict) ? closeCodes.comeBackLater : 0;
    if (typeof verdict === "number" || code !== 0) {
      if (typeof verdict !== "number") verdict.open.release();
      socket.on("error", () => {});
      socket.close(code);
      return;
    }
    const presence = this.#presenceIn(verdict.open.room);
    const onEnd = (connection: Connection) => this.#connections.delete(connection);
    this.#connections.add(new Connection({ socket, presence, onEnd, ...verdict }));
  }

  #isFull({ open, rights }: Admitted): boolean {
    const people = new Set([...open.room.seats].map((seat) => seat.actor.userId));
    return !people.has(rights.actor.userId) && people.size >= PEOPLE_PER_ROOM_MAX;
  }

  #presenceIn(room: Room): Presence {
    const known = this.#presences.get(room);
    if (known) return known;
    const presence = new Presence((member, clientId) => {
      const owner = room.ownerOf(clientId);
      const isFree = owner === undefined || owner === member.actor.userId;
      const connection = member as Connection;
      if (isFree) connection.clients.add(clientId);
      else connection.isSuspect = true;
      return isFree;
    });
    this.#presences.set(room, presence);
    return presence;
  }

  #recheckWhere(isMeant: (connection: Connection) => boolean): void {
    this.#rightsVersion += 1;
    for (const connection of this.#connections) {
      if (!isMeant(connection)) continue;
      connection.suspend();
      void this.#recheck(connection, this.#rightsVersion);
    }
  }

  /** One after the other, and without holding anybody up: this is for what ran out by itself. */
  async #recheckAll(): Promise<void> {
    for (const connection of [...this.#connections]) await this.#recheck(connection, this.#rightsVersion);
  }

  /** Nothing is accepted between the change and the answer to this; a later change asks again. */
  async #recheck(connection: Connection, version: number): Promise<void> {
    connection.checkedVersion = version;
    try {
      const rights = await rightsOf(this.#options.core, this.#options.actorFrom, connection.applicant);
      if (connection.checkedVersion !== version) return;
      if (typeof rights === "number") connection.close(rights);
      else if (rights.canWrite !== connection.canWrite) connection.close(closeCodes.roleChanged);
      else connection.resume();
    } catch (error) {
      this.#options.core.log.warn({ error: messageOf(error) }, "rights could not be looked at again");
      connection.close(closeCodes.comeBackLater);
    }
  }

  closeWhere(predicate: (info: ConnectionInfo) => boolean, code: number): void {
    for (const connection of [...this.#connections]) {
      const { actor, incidentId, applicant } = connection;
      if (predicate({ actor, incidentId, kind: applicant.name.kind })) connection.close(code);
    }
  }

  async drain(spreadMs = 0): Promise<void> {
    this.#isDraining = true;
    for (const timer of this.#timers) clearInterval(timer);
    await this.#options.documents.flushAll().catch(() => {});
    const leaving = [...this.#connections];
    for (const connection of leaving) {
      connection.close(closeCodes.comeBackLater, "restarting");
      if (spreadMs > 0) await new Promise((resolve) => setTimeout(resolve, spreadMs / leaving.length));
    }
    await this.#options.documents.flushAll().catch(() => {});
  }
}

/** The y-websocket side of the shared documents, at `/sync/incidents/{id or reference}/{kind}`. */
export function createSyncServer(options: SyncServerOptions): SyncServer {
  return new SyncGateway(options);
}
