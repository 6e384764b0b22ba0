import { encode } from "next-auth/jwt";
import { io, type Socket } from "socket.io-client";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import * as Y from "yjs";
import { signIn } from "#/server/people/index.ts";
import { startTestServer, type TestServer } from "#/server/testing/start-test-server.ts";
import type { ClientMessages, RoomAnswer, ServerMessages } from "./contract.ts";
import { updateFrame } from "./sync/frames.ts";

/** The promise: from the answer of what took the rights away until the socket is closed. */
const LIMIT_MS = 1_000;
const PASSWORD = "correct horse battery";

type Person = { id: string; email: string; tokenId: string; token: string };
type Headers = Record<string, string>;
/** Somebody with both kinds of sockets open in one incident. */
type Connected = {
  /** How the sync socket ended, and after how long. */
  syncClosed: Promise<number>;
  /** How the room's socket was told to leave: a close code, or 4401 when it was cut. */
  roomClosed: Promise<number>;
  type(text: string): void;
  told: string[];
};

let s: TestServer;
let serial = 0;
const openSockets: (() => void)[] = [];
beforeAll(async () => {
  s = await startTestServer();
});
afterEach(() => {
  for (const close of openSockets.splice(0)) close();
});
afterAll(() => s.stop());

async function person(role: string): Promise<Person> {
  serial += 1;
  const name = `person${serial}`;
  const email = `${name}@example.com`;
  const user = await s.ask<{ id: string }>("POST", "/api/v1/users", { email, name, role, password: PASSWORD });
  const made = await s.ask<{ id: string; token: string }>("POST", "/api/v1/tokens", { name, userId: user.body.id });
  return { id: user.body.id, email, tokenId: made.body.id, token: made.body.token };
}

async function declare(visibility: "public" | "private", memberId?: string): Promise<string> {
  const { body } = await s.ask<{ id: string }>("POST", "/api/v1/incidents", { title: "Slow", visibility });
  if (memberId) await s.ask("PUT", `/api/v1/incidents/${body.id}/members/${memberId}`, {});
  return body.id;
}

async function cookieOf({ email }: Person): Promise<{ headers: Headers; sessionId: string }> {
  const { core } = s.server;
  const user = await signIn(core, { email, password: PASSWORD, userAgent: "test" });
  const claims = { sub: user.id, sessionId: user.sessionId };
  const cookie = `next-auth.session-token=${await encode({ token: claims, secret: core.config.authSecret })}`;
  return { headers: { cookie, origin: core.config.publicUrl }, sessionId: user.sessionId };
}

async function openSync(incidentId: string, headers: Headers) {
  const url = `${s.url.replace("http", "ws")}/sync/incidents/${incidentId}/summary`;
  const socket = new WebSocket(url, { headers });
  openSockets.push(() => socket.terminate());
  const syncClosed = new Promise<number>((resolve) => socket.on("close", resolve));
  await new Promise((resolve) => socket.once("message", resolve));
  const doc = new Y.Doc();
  doc.on("update", (update: Uint8Array) => socket.readyState === socket.OPEN && socket.send(updateFrame(update)));
  return { syncClosed, type: (text: string) => doc.getText("text").insert(0, text) };
}

async function openRoom(incidentId: string, headers: Headers) {
  const client: Socket<ServerMessages, ClientMessages> = io(s.url, {
    transports: ["websocket"],
    reconnection: false,
    extraHeaders: headers,
  });
  openSockets.push(() => client.disconnect());
  const told: string[] = [];
  client.onAny((...message) => told.push(JSON.stringify(message)));
  const roomClosed = new Promise<number>((resolve) => {
    client.on("room:closed", ({ code }) => resolve(code));
    client.on("disconnect", () => resolve(4401));
  });
  const answer = await new Promise<RoomAnswer>((resolve) =>
    client.emit("room:join", { incident: incidentId }, resolve),
  );
  if (!answer.ok) throw new Error(answer.code);
  return { roomClosed, told };
}

async function connect(incidentId: string, headers: Headers): Promise<Connected> {
  const [sync, room] = [await openSync(incidentId, headers), await openRoom(incidentId, headers)];
  return { ...sync, ...room };
}

const bearer = ({ token }: Person): Headers => ({ authorization: `Bearer ${token}` });

/** Acts, and types at once afterwards: both sockets end in time, and what was typed then is nowhere. */
async function expectEnded(
  incidentId: string,
  connected: Connected,
  act: () => Promise<{ status: number }>,
  codes: [number, number],
) {
  const { status } = await act();
  expect(status).toBeLessThan(300);
  const at = performance.now();
  connected.type("typed afterwards");
  expect(await Promise.all([connected.syncClosed, connected.roomClosed])).toEqual(codes);
  expect(performance.now() - at).toBeLessThan(LIMIT_MS);
  connected.told.length = 0;
  await s.ask("PATCH", `/api/v1/incidents/${incidentId}`, { hypothesis: "said afterwards" });
  const { text } = await s.ask("GET", `/api/v1/incidents/${incidentId}`);
  expect(text).not.toContain("typed afterwards");
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(connected.told.join()).not.toContain("said afterwards");
}

describe("[SY70] both kinds of sockets end within a second, and nothing is accepted afterwards, when", () => {
  test("the session is signed out", async () => {
    const ada = await person("responder");
    const { headers, sessionId } = await cookieOf(ada);
    const incident = await declare("public");
    const connected = await connect(incident, headers);
    const other = await connect(incident, bearer(ada));
    const revoke = () => s.ask("DELETE", `/api/v1/sessions/${sessionId}`, undefined, { token: ada.token });
    await expectEnded(incident, connected, revoke, [4401, 4401]);
    // Only that session: the person's other sockets stay.
    const ended = Promise.race([other.syncClosed, other.roomClosed]);
    expect(await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 200, "open"))])).toBe("open");
  });

  test("the password is changed", async () => {
    const ada = await person("responder");
    const { headers } = await cookieOf(ada);
    const incident = await declare("public");
    const connected = await connect(incident, headers);
    const change = () => s.ask("PATCH", `/api/v1/users/${ada.id}`, { password: "another horse battery" });
    await expectEnded(incident, connected, change, [4401, 4401]);
  });

  test("the token is revoked", async () => {
    const ada = await person("responder");
    const incident = await declare("public");
    const connected = await connect(incident, bearer(ada));
    await expectEnded(incident, connected, () => s.ask("DELETE", `/api/v1/tokens/${ada.tokenId}`), [4401, 4401]);
  });

  test("the account is disabled", async () => {
    const ada = await person("responder");
    const incident = await declare("public");
    const connected = await connect(incident, bearer(ada));
    const disable = () => s.ask("PATCH", `/api/v1/users/${ada.id}`, { isDisabled: true });
    await expectEnded(incident, connected, disable, [4401, 4401]);
  });

  test("the account is removed", async () => {
    const ada = await person("responder");
    const incident = await declare("public");
    const connected = await connect(incident, bearer(ada));
    await expectEnded(incident, connected, () => s.ask("DELETE", `/api/v1/users/${ada.id}`), [4401, 4401]);
  });

  test("an owner becomes a viewer, in a private incident that only owners saw", async () => {
    const ada = await person("owner");
    const incident = await declare("private");
    const connected = await connect(incident, bearer(ada));
    const demote = () => s.ask("PATCH", `/api/v1/users/${ada.id}`, { role: "viewer" });
    await expectEnded(incident, connected, demote, [4404, 4404]);
  });

  test("the incident is made private", async () => {
    const ada = await person("responder");
    const incident = await declare("public");
    const connected = await connect(incident, bearer(ada));
    const hide = () => s.ask("PATCH", `/api/v1/incidents/${incident}`, { visibility: "private", title: "Secret plan" });
    await expectEnded(incident, connected, hide, [4404, 4404]);
  });

  test("a member of a private incident is removed", async () => {
    const ada = await person("responder");
    const incident = await declare("private", ada.id);
    const connected = await connect(incident, bearer(ada));
    const remove = () => s.ask("DELETE", `/api/v1/incidents/${incident}/members/${ada.id}`);
    await expectEnded(incident, connected, remove, [4404, 4404]);
  });
});

test("[SY70] a role that may still read: the document is joined anew, the room stays", async () => {
  const ada = await person("responder");
  const incident = await declare("public");
  const connected = await connect(incident, bearer(ada));
  await s.ask("PATCH", `/api/v1/users/${ada.id}`, { role: "viewer" });
  expect(await connected.syncClosed).toBe(4410);
  await s.ask("PATCH", `/api/v1/incidents/${incident}`, { hypothesis: "for viewers too" });
  await expect.poll(() => connected.told.join()).toContain("for viewers too");
});

test("what made an incident private does not reach those whom it shows out", async () => {
  const ada = await person("responder");
  const incident = await declare("public");
  const connected = await connect(incident, bearer(ada));
  await s.ask("PATCH", `/api/v1/incidents/${incident}`, { visibility: "private", title: "Secret plan" });
  expect(await connected.roomClosed).toBe(4404);
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(connected.told.join()).not.toContain("Secret plan");
});
