import { EventEmitter } from "node:events";
import type { Server as HttpServer, IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { Server, type Socket } from "socket.io";
import { actorFrom, can, requireAbility, type UserActor } from "#/server/access/index.ts";
import { type Core, ctxFor } from "#/server/events/index.ts";
import { accessTo, findIncident, type IncidentRow, presentIncident } from "#/server/incidents/index.ts";
import { isAppError, messageOf } from "#/server/platform/errors.ts";
import type { ClientMessages, RoomAnswer, RoomFact, ServerMessages } from "./contract.ts";
import { createFactSender } from "./fact-sender.ts";
import { isAllowedOrigin } from "./origin.ts";
import { peopleHere, type TabHere } from "./people-here.ts";
import { tellPersonal, tellWaiting } from "./personal.ts";
import { createPresenceRecord, type PresenceRecord } from "./presence-record.ts";
import { readRoom } from "./room-view.ts";

type SocketData = { actor: UserActor; rooms: Map<string, string>; isIdle: boolean };
type RoomSocket = Socket<ClientMessages, ServerMessages, Record<string, never>, SocketData>;

export type Gateway = {
  handleRequest(request: IncomingMessage, response: ServerResponse): void;
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  stop(): Promise<void>;
};

/** Messages of facts are small; what a client sends is smaller. */
const MESSAGE_BYTES_MAX = 64 * 1024;
/** A connection that is cut without a word is noticed within these two, on both sides. */
const PING_EVERY_MS = 15_000;
const PING_ANSWER_MS = 10_000;
/** Presence is told at most ten times a second a room. */
const PRESENCE_PAUSE_MS = 100;
const LIST_ROOM = "list";
const roomOf = (incidentId: string) => `incident:${incidentId}`;
/** All connections of one person. */
const personOf = (userId: string) => `user:${userId}`;

function tokenOf(socket: RoomSocket): string | undefined {
  const { token } = socket.handshake.auth as { token?: unknown };
  const query = socket.handshake.query.token;
  return typeof token === "string" ? token : typeof query === "string" ? query : undefined;
}

/** Room facts and presence over Socket.IO at `/socket.io`. Whoever connects is known, and asked again when rights change. */
export function createGateway(core: Core): Gateway {
  // Socket.IO listens on this instead of the server: one router decides who gets a request.
  const door = new EventEmitter();
  const io = new Server<ClientMessages, ServerMessages, Record<string, never>, SocketData>({
    path: "/socket.io",
    serveClient: false,
    destroyUpgrade: false,
    maxHttpBufferSize: MESSAGE_BYTES_MAX,
    pingInterval: PING_EVERY_MS,
    pingTimeout: PING_ANSWER_MS,
    allowRequest: (request, answer) => {
      const isAllowed = isAllowedOrigin(request, core.config);
      answer(isAllowed ? null : "origin", isAllowed);
    },
  });
  io.attach(door as unknown as HttpServer);

  async function actorOf(socket: RoomSocket): Promise<UserActor | null> {
    const token = tokenOf(socket);
    const headers = new Headers(
      token ? { authorization: `Bearer ${token}` } : { cookie: socket.handshake.headers.cookie ?? "" },
    );
    const authorization = socket.handshake.headers.authorization;
    if (!token && authorization) headers.set("authorization", authorization);
    return actorFrom(core, headers);
  }

  io.use((socket, next) => {
    actorOf(socket)
      .then((actor) => {
        if (!actor) return next(new Error("signed_out"));
        socket.data.actor = actor;
        socket.data.rooms = new Map();
        socket.data.isIdle = false;
        next();
      })
      .catch(() => next(new Error("unavailable")));
  });

  const record = createPresenceRecord(core, (incidentId, userId) =>
    tabsIn(io, incidentId).filter((tab) => tab.userId === userId),
  );
  const presence = createPresence(io, record);
  io.on("connection", (socket) => {
    registerMessages(core, socket, presence);
    if (!can(socket.data.actor, "incidents.read")) return;
    void socket.join(personOf(socket.data.actor.userId));
    void tellWaiting(core, socket.data.actor, (fact) => socket.emit("notification:fact", fact));
  });

  followFacts(core, io, presence);
  core.facts.on("personal", ({ userId, notificationId }) => {
    const [any] = socketsIn(io, personOf(userId));
    if (!any) return;
    void tellPersonal(core, any.data.actor, notificationId, (fact) =>
      io.to(personOf(userId)).emit("notification:fact", fact),
    );
  });
  core.facts.on("access", ({ userId }) => void recheck(core, io, userId, actorOf, presence));

  return {
    handleRequest: (request, response) => void door.emit("request", request, response),
    handleUpgrade: (request, socket, head) => void door.emit("upgrade", request, socket, head),
    async stop() {
      const written = record.stop();
      io.disconnectSockets(true);
      await written;
    },
  };
}

/** Tells rooms and lists what changed; what made an incident private, and all after it, once those who may not see it are out. */
function followFacts(core: Core, io: Io, presence: Presence): void {
  const send = createFactSender(core, {
    isWatched: (incidentId) => hasAnyone(io, roomOf(incidentId)) || hasAnyone(io, LIST_ROOM),
    send: (row, facts) => tell(core, io, row, facts),
  });
  const showingOut = new Map<string, Promise<void>>();
  core.facts.on("fact", (fact) => {
    const { incidentId } = fact;
    const before = showingOut.get(incidentId);
    if (fact.parts.includes("access")) {
      const done = (before ?? Promise.resolve())
        .then(() => closeUnseen(core, io, incidentId, presence))
        .finally(() => showingOut.get(incidentId) === done && showingOut.delete(incidentId));
      showingOut.set(incidentId, done);
    }
    const wait = showingOut.get(incidentId);
    if (wait) void wait.then(() => send(fact));
    else send(fact);
  });
}

type Io = Server<ClientMessages, ServerMessages, Record<string, never>, SocketData>;
type Presence = {
  /** Tells the room who is there; with an actor, what changed is theirs and is written down. */
  changed(incidentId: string, actor?: UserActor): void;
};

function socketsIn(io: Io, room: string): RoomSocket[] {
  const ids = io.sockets.adapter.rooms.get(room) ?? new Set<string>();
  return [...ids].map((id) => io.sockets.sockets.get(id)).filter((socket) => socket !== undefined);
}

function hasAnyone(io: Io, room: string): boolean {
  return (io.sockets.adapter.rooms.get(room)?.size ?? 0) > 0;
}

/** Every tab that has the room open. */
function tabsIn(io: Io, incidentId: string): TabHere[] {
  return socketsIn(io, roomOf(incidentId)).map(({ data: { actor, rooms, isIdle } }) => ({
    userId: actor.userId,
    name: actor.name,
    since: rooms.get(incidentId) ?? "",
    isIdle,
  }));
}

function createPresence(io: Io, record: PresenceRecord): Presence {
  const pending = new Set<string>();
  /** By room: the colours that those present have. */
  const colours = new Map<string, ReadonlyMap<string, number>>();
  function tellPeople(incidentId: string): void {
    pending.delete(incidentId);
    const people = peopleHere(tabsIn(io, incidentId), colours.get(incidentId));
    if (people.length === 0) colours.delete(incidentId);
    else colours.set(incidentId, new Map(people.map(({ userId, colour }) => [userId, colour])));
    io.to(roomOf(incidentId)).emit("people:fact", { incidentId, people });
  }
  return {
    changed(incidentId, actor) {
      if (actor) record.changed(incidentId, actor);
      if (pending.has(incidentId)) return;
      pending.add(incidentId);
      setTimeout(() => tellPeople(incidentId), PRESENCE_PAUSE_MS).unref();
    },
  };
}

type JoinInput = { incident?: unknown; seq?: unknown } | undefined;

async function join(core: Core, socket: RoomSocket, presence: Presence, input: JoinInput): Promise<RoomAnswer> {
  try {
    const ctx = ctxFor(core, socket.data.actor, socket.id);
    requireAbility(ctx.actor, "incidents.read");
    // Join first, read second: a change in between then arrives twice, never not at all.
    const { id } = (await readRoom(ctx, String(input?.incident))).incident;
    await socket.join(roomOf(id));
    socket.data.rooms.set(id, core.now().toISOString());
    const room = await readRoom(ctx, id);
    presence.changed(id, socket.data.actor);
    // Whoever knows the id and the number has seen it all: a long timeline is not sent twice.
    const isKnown = input?.incident === id && input.seq === room.seq;
    return { ok: true, room: isKnown ? null : room };
  } catch (error) {
    if (isAppError(error)) return { ok: false, code: error.code, message: error.message };
    core.log.error({ error: messageOf(error) }, "a room could not be joined");
    return { ok: false, code: "unavailable", message: "The room cannot be read right now." };
  }
}

function registerMessages(core: Core, socket: RoomSocket, presence: Presence): void {
  socket.on("room:join", (input, answer) => {
    if (typeof answer !== "function") return;
    void join(core, socket, presence, input).then(answer);
  });
  socket.on("room:leave", (input) => {
    const incidentId = String(input?.incident);
    if (!socket.data.rooms.delete(incidentId)) return;
    void socket.leave(roomOf(incidentId));
    presence.changed(incidentId, socket.data.actor);
  });
  socket.on("room:idle", (input) => {
    const isIdle = input?.idle === true;
    if (socket.data.isIdle === isIdle) return;
    socket.data.isIdle = isIdle;
    for (const incidentId of socket.data.rooms.keys()) presence.changed(incidentId, socket.data.actor);
  });
  socket.on("list:join", (answer) => {
    void socket.join(LIST_ROOM);
    if (typeof answer === "function") answer({ ok: true });
  });
  socket.on("time:ask", (answer) => {
    if (typeof answer === "function") answer(core.now().toISOString());
  });
  socket.on("disconnect", () => {
    for (const incidentId of socket.data.rooms.keys()) presence.changed(incidentId, socket.data.actor);
  });
}

/** Sends facts to the room, and the incident's new state to the lists of those who may see it. */
function tell(core: Core, io: Io, row: IncidentRow, facts: readonly RoomFact[]): void {
  for (const fact of facts) io.to(roomOf(row.id)).emit("room:fact", fact);
  const incident = facts.find((fact) => fact.incident)?.incident;
  if (!incident || !hasAnyone(io, LIST_ROOM)) return;
  if (row.visibility === "public") {
    io.to(LIST_ROOM).emit("list:fact", { incident });
    return;
  }
  for (const socket of socketsIn(io, LIST_ROOM)) {
    const ctx = ctxFor(core, socket.data.actor);
    findIncident(core.db.read, ctx, row.id)
      .then(async (visible) => socket.emit("list:fact", { incident: await presentIncident(core.db.read, visible) }))
      .catch(() => undefined);
  }
}

/** Shows somebody out of a room that they may not see any more. */
async function leaveUnseen(core: Core, socket: RoomSocket, incidentId: string, presence: Presence): Promise<void> {
  const ctx = ctxFor(core, socket.data.actor);
  try {
    const row = await findIncident(core.db.read, ctx, incidentId);
    requireAbility(ctx.actor, "incidents.read", await accessTo(core.db.read, ctx, row));
  } catch (error) {
    if (!isAppError(error)) core.log.error({ error: messageOf(error) }, "rights could not be checked");
    socket.data.rooms.delete(incidentId);
    await socket.leave(roomOf(incidentId));
    presence.changed(incidentId, socket.data.actor);
    socket.emit("room:closed", { incidentId, code: 4404 });
  }
}

/** After a change of who may see an incident: those who no longer may are shown out. */
async function closeUnseen(core: Core, io: Io, incidentId: string, presence: Presence): Promise<void> {
  for (const socket of socketsIn(io, roomOf(incidentId))) await leaveUnseen(core, socket, incidentId, presence);
  presence.changed(incidentId);
}

/** After a change of a person's rights: each connection is known anew and leaves what it may not see any more, or ends. */
async function recheck(
  core: Core,
  io: Io,
  userId: string,
  actorOf: (socket: RoomSocket) => Promise<UserActor | null>,
  presence: Presence,
): Promise<void> {
  for (const socket of io.sockets.sockets.values()) {
    if (socket.data.actor.userId !== userId) continue;
    const actor = await actorOf(socket).catch(() => null);
    if (actor) {
      socket.data.actor = actor;
      for (const incidentId of [...socket.data.rooms.keys()]) {
        await leaveUnseen(core, socket, incidentId, presence);
        presence.changed(incidentId);
      }
      continue;
    }
    for (const incidentId of socket.data.rooms.keys()) socket.emit("room:closed", { incidentId, code: 4401 });
    socket.disconnect(true);
  }
}
