import { request } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { eventually } from "#/server/testing/eventually.ts";
import { type Client, type TestSync, testSync } from "#/server/testing/test-sync.ts";
import { awarenessFrame, heartbeatFrame, step1Frame } from "./frames.ts";

const TURNS = 1_000;
const JOINERS = 60;
const FLOOD = 300;

let t: TestSync;
beforeAll(async () => {
  t = await testSync();
  for (const [token, name, role] of [
    ["ada", "Ada", "responder"],
    ["lin", "Lin", "responder"],
    ["vic", "Vic", "viewer"],
  ] as const) {
    t.tokens.set(token, await t.person(name, role));
  }
});
afterAll(() => t.close());

const until = (check: () => boolean) => eventually(() => expect(check()).toBe(true));
const nameOf = async (kind = "summary") => `incidents/${await t.incident()}/${kind}`;
const raw = (name: string, token = "ada") => new WebSocket(`${t.site.url}/${name}?token=${token}`);
const closeOf = (socket: WebSocket) => new Promise<number>((resolve) => socket.on("close", resolve));

/** Whoever is in the room with a hostile one types on and is told that it is saved. */
async function expectUnharmed(client: Client, text: string): Promise<void> {
  client.type(text);
  await until(client.barrier());
  expect(client.closedWith).toBeNull();
}

describe("frames", () => {
  const frames: [string, Uint8Array | string, number][] = [
    ["an empty frame", new Uint8Array(0), 4422],
    ["a text frame", "hello", 4422],
    ["a sync message without a step", new Uint8Array([0]), 4422],
    ["a length beyond the frame", new Uint8Array([0, 2, 255, 255, 3]), 4422],
    ["a number without an end", new Uint8Array([0, 2, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255]), 4422],
    ["an awareness message cut short", new Uint8Array([1, 5, 9]), 4422],
    ["a barrier without a number", new Uint8Array([120]), 4422],
    ["a broken state vector", new Uint8Array([0, 0, 2, 5, 1]), 4422],
    ["a frame of more than 1 MiB", new Uint8Array(1024 * 1024 + 1), 4413],
  ];
  test.each(frames)("[SY10] [SY16] %s closes its connection alone", async (_what, frame, code) => {
    const name = await nameOf();
    const witness = await t.join(name, "lin").synced();
    const socket = raw(name);
    await new Promise((resolve) => socket.once("message", resolve));
    socket.send(frame);
    expect(await closeOf(socket)).toBe(code);
    await expectUnharmed(witness, "unharmed");
  });

  test("types and steps that are not known, and messages within messages, are passed over", async () => {
    const client = await t.join(await nameOf(), "ada").synced();
    for (const frame of [[99], [0, 9, 1, 0], [3, 0, 0], [120, 200, 1, 0, 2, 1, 0], [250, 1, 0, 2]]) {
      client.send(new Uint8Array(frame));
    }
    await expectUnharmed(client, "still here");
  });
});

describe("before and around the handshake", () => {
  test("[SY1] what a stranger sends before it is known who asks is never read", async () => {
    const before = t.site.sync.connectionCount;
    const socket = raw(await nameOf(), "nobody");
    socket.on("open", () => {
      for (let count = 0; count < 50; count += 1) socket.send(new Uint8Array(100_000));
    });
    expect(await closeOf(socket)).toBe(4401);
    expect(t.site.sync.connectionCount).toBeLessThanOrEqual(before);
  });

  test("[SY1] a flood of strangers leaves nothing behind, and others come in", async () => {
    const name = await nameOf();
    const strangers = Array.from({ length: FLOOD }, () => closeOf(raw(name, "nobody")));
    expect(new Set(await Promise.all(strangers))).toEqual(new Set([4401]));
    await expectUnharmed(await t.join(name, "ada").synced(), "in");
  });

  test("an upgrade that is cut off in the middle is let go", async () => {
    const { port } = new URL(t.site.url);
    const name = await nameOf();
    const before = t.site.sync.connectionCount;
    for (let count = 0; count < 20; count += 1) {
      const socket = connect(Number(port), "127.0.0.1");
      socket.on("error", () => {});
      socket.write(`GET /sync/${name}?token=ada HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`);
      socket.write("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
      socket.destroy();
    }
    await until(() => t.site.sync.connectionCount === before);
    await expectUnharmed(await t.join(name, "ada").synced(), "in");
  });

  test("a handshake without its key is refused by the protocol, not by a crash", async () => {
    const { port } = new URL(t.site.url);
    const asked = request({
      port,
      path: `/sync/${await nameOf()}?token=ada`,
      headers: { connection: "Upgrade", upgrade: "websocket" },
    });
    asked.on("error", () => {});
    asked.end();
    const status = await new Promise((resolve) => asked.on("response", (response) => resolve(response.statusCode)));
    expect(status).toBe(400);
  });
});

describe("presence", () => {
  test("[SY51] more than 1 KiB is not shown, and what is shown before and after is", async () => {
    const name = await nameOf();
    const [one, two] = [await t.join(name, "ada").synced(), await t.join(name, "lin").synced()];
    const seen = () => two.provider.awareness.getStates().get(one.doc.clientID);
    one.provider.awareness.setLocalState({ note: "small" });
    await until(() => seen()?.note === "small");
    one.provider.awareness.setLocalState({ note: "x".repeat(2_000) });
    one.provider.awareness.setLocalState({ note: "small again" });
    await until(() => seen()?.note === "small again");
  });

  test("[SY50] [SY60] a flood of presence is read more slowly and holds nobody up", async () => {
    const name = await nameOf();
    const [flooder, other] = [await t.join(name, "ada").synced(), await t.join(name, "lin").synced()];
    for (let clock = 1; clock <= 2_000; clock += 1) {
      flooder.send(awarenessFrame([{ clientId: 77, clock, state: JSON.stringify({ clock }) }]));
    }
    await expectUnharmed(other, "meanwhile");
    expect(flooder.closedWith).toBeNull();
  });

  test("[SY50] a message that claims a million entries, or others', is passed over", async () => {
    const name = await nameOf();
    const [one, two] = [await t.join(name, "ada").synced(), await t.join(name, "lin").synced()];
    one.provider.awareness.setLocalState({ mine: true });
    await until(() => two.provider.awareness.getStates().has(one.doc.clientID));
    two.send(awarenessFrame([{ clientId: one.doc.clientID, clock: 1_000, state: "null" }]));
    two.send(heartbeatFrame);
    await expectUnharmed(two, "on");
    expect(two.provider.awareness.getStates().get(one.doc.clientID)).toMatchObject({ mine: true });
  });
});

describe("many, and slow", () => {
  test("[SY3] [SY4] a storm of joins gets one room and one text", async () => {
    const name = await nameOf();
    const writer = await t.join(name, "ada").synced();
    writer.type("x".repeat(200_000));
    await until(writer.barrier());
    const joiners = await Promise.all(Array.from({ length: JOINERS }, () => t.join(name, "lin").synced()));
    expect(joiners.every((joiner) => joiner.text.length === 200_000)).toBe(true);
    for (const joiner of joiners) joiner.leave();
  });

  test("[SY80] a document given back twice, a thousand times over, is still there for whoever holds it", {
    timeout: 60_000,
  }, async () => {
    const incidentId = await t.incident();
    const open = await t.documents.open({ incidentId, kind: "summary" });
    for (let count = 0; count < TURNS; count += 1) {
      const again = await t.documents.open({ incidentId, kind: "summary" });
      again.release();
      again.release();
    }
    const later = await t.documents.open({ incidentId, kind: "summary" });
    expect(later.room).toBe(open.room);
    for (const each of [open, later]) each.release();
  });

  test("[SY61] somebody who stops reading holds nobody up", async () => {
    const name = await nameOf();
    const [writer, reader] = [await t.join(name, "ada").synced(), await t.join(name, "lin").synced()];
    const deaf = raw(name, "vic");
    await new Promise((resolve) => deaf.once("message", resolve));
    deaf.send(step1Frame(new Uint8Array([0])));
    deaf.pause();
    for (let count = 0; count < 20; count += 1) {
      writer.type("y".repeat(200_000));
      await until(writer.barrier());
    }
    expect(reader.text.length).toBe(20 * 200_000);
    deaf.terminate();
  });
});
