import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import * as Y from "yjs";
import { incidentMembers, incidents } from "#/db/schema/index.ts";
import type { UserActor } from "#/server/access/index.ts";
import { textOf } from "#/server/documents/index.ts";
import { eventually } from "#/server/testing/eventually.ts";
import { type Client, type TestSync, testSync } from "#/server/testing/test-sync.ts";
import { updateFrame } from "./frames.ts";

let t: TestSync;
let ada: UserActor;
let lin: UserActor;
let vic: UserActor;
beforeAll(async () => {
  t = await testSync();
  ada = await t.person("Ada");
  lin = await t.person("Lin");
  vic = await t.person("Vic", "viewer");
});
afterEach(() => {
  vi.restoreAllMocks();
  t.tokens.clear();
  for (const [token, actor] of Object.entries({ ada, lin, vic })) t.tokens.set(token, actor);
});
beforeAll(() => {
  for (const [token, actor] of Object.entries({ ada, lin, vic })) t.tokens.set(token, actor);
});
afterAll(() => t.close());

function takeDatabaseAway() {
  const spies = (["transaction", "statement"] as const).map((name) =>
    vi.spyOn(t.core.db, name).mockRejectedValue(new Error("away")),
  );
  return { return: () => spies.forEach((spy) => void spy.mockRestore()) };
}

const until = (check: () => boolean) => eventually(() => expect(check()).toBe(true));
const nameOf = async (kind = "summary") => `incidents/${await t.incident()}/${kind}`;
const incidentIn = (name: string) => name.split("/")[1] ?? "";

describe("joining", () => {
  test("[SY4] two plain clients see each other type", async () => {
    const name = await nameOf();
    const one = await t.join(name, "ada").synced();
    const two = await t.join(name, "lin").synced();
    one.type("hello");
    await until(() => two.text === "hello");
    two.type(" world");
    await until(() => one.text === "hello world");
    expect(one.notices).toEqual([{ kind: "joined", epoch: 1, canWrite: true }]);
  });

  test("[SY4] nothing is passed on to a client before its question is answered", async () => {
    const name = await nameOf();
    const writer = await t.join(name, "ada").synced();
    writer.type("first");
    await until(writer.barrier());
    const socket = new WebSocket(`${t.site.url}/${name}?token=lin`);
    const kinds: number[] = [];
    socket.on("message", (data: Buffer) => data[0] === 0 && kinds.push(data[1] ?? -1));
    await until(() => kinds.length > 0);
    writer.type(" second");
    await until(writer.barrier());
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(kinds).toEqual([0]);
    socket.send(new Uint8Array([0, 0, 1, 0]));
    await until(() => kinds.length > 1);
    writer.type(" third");
    await until(() => kinds.length > 2);
    expect(kinds).toEqual([0, 1, 2]);
    socket.close();
  });

  test("a document is also found by the incident's reference, in any case of letters", async () => {
    const id = await t.incident();
    const [row] = await t.core.db.read.select().from(incidents).where(eq(incidents.id, id));
    const byId = await t.join(`incidents/${id}/summary`, "ada").synced();
    const byReference = await t.join(`incidents/${row?.reference.toLowerCase()}/summary`, "lin").synced();
    byId.type("one document");
    await until(() => byReference.text === "one document");
  });

  test.each([
    ["nobody", "", 4401, "summary"],
    ["an unknown token", "nobody", 4401, "summary"],
    ["no such kind", "ada", 4404, "agenda"],
  ])("[SY1] %s", async (_who, token, code, kind) => {
    expect(await t.join(await nameOf(kind), token).closed).toBe(code);
  });

  test("[SY1] no such incident, a private one, a token without the scope, another epoch", async () => {
    expect(await t.join(`incidents/${randomUUID()}/summary`, "ada").closed).toBe(4404);
    expect(await t.join("incidents/INC-999/summary", "ada").closed).toBe(4404);
    expect(await t.join(`incidents/${await t.incident("private")}/summary`, "ada").closed).toBe(4404);
    t.tokens.set("ada", { ...ada, scopes: ["alerts:read"] });
    expect(await t.join(await nameOf(), "ada").closed).toBe(4403);
    const socket = new WebSocket(`${t.site.url}/${await nameOf()}?token=lin&epoch=7`);
    expect(await new Promise((resolve) => socket.on("close", resolve))).toBe(4409);
  });

  test("[SY1] a foreign origin, and a cookie without an origin", async () => {
    const name = await nameOf();
    for (const headers of [{ origin: "https://evil.example" }, { cookie: "next-auth.session-token=x" }]) {
      const socket = new WebSocket(`${t.site.url}/${name}?token=ada`, { headers });
      expect(await new Promise((resolve) => socket.on("close", resolve))).toBe(4403);
    }
    const ours = new WebSocket(`${t.site.url}/${name}?token=ada`, { headers: { origin: "http://127.0.0.1:3000" } });
    await new Promise((resolve) => ours.on("message", resolve));
    ours.close();
  });

  test("[SY1] a look-up that fails is not final", async () => {
    const name = await nameOf();
    vi.spyOn(t.tokens, "get").mockImplementation(() => {
      throw new Error("the database is away");
    });
    const client = t.join(name, "ada");
    const codes: (number | undefined)[] = [];
    client.provider.on("connection-close", (event) => codes.push(event?.code));
    await until(() => codes.length > 0);
    expect(codes[0]).toBe(4503);
    vi.restoreAllMocks();
    await client.synced();
  });
});

describe("saved", () => {
  test("[SY30] [SY32] a barrier is echoed once the edit is on disk, also for another process", async () => {
    const name = await nameOf();
    const client = await t.join(name, "ada").synced();
    client.type("on disk");
    await until(client.barrier());
    const other = t.restart();
    expect(textOf(await other.read(incidentIn(name), "summary"), "summary")).toBe("on disk");
  });

  test("[SY30] it is not echoed while the database is away, and is when it is back", async () => {
    const name = await nameOf();
    const client = await t.join(name, "ada").synced();
    const away = takeDatabaseAway();
    client.type("waits");
    const isAnswered = client.barrier();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(isAnswered()).toBe(false);
    away.return();
    await until(isAnswered);
  });

  test("[SY21] whoever joins is shown what waits for its commit only after it", async () => {
    const name = await nameOf();
    const writer = await t.join(name, "ada").synced();
    const away = takeDatabaseAway();
    writer.type("by a new client id");
    const open = await t.documents.open({ incidentId: incidentIn(name), kind: "summary" });
    await until(() => textOf(open.room.doc, "summary") !== "");
    const joiner = t.join(name, "lin");
    await until(() => joiner.notices.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(joiner.text).toBe("");
    away.return();
    await joiner.synced();
    expect(joiner.text).toBe("by a new client id");
    open.release();
  });

  test("[SY30] an edit that only an earlier connection brought is waited for too", async () => {
    const name = await nameOf();
    const client = await t.join(name, "ada").synced();
    client.type("first");
    await until(client.barrier());
    const away = takeDatabaseAway();
    client.type(" second");
    const open = await t.documents.open({ incidentId: incidentIn(name), kind: "summary" });
    await until(() => textOf(open.room.doc, "summary") === "first second");
    client.provider.disconnect();
    client.provider.connect();
    await client.synced();
    const isAnswered = client.barrier();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(isAnswered()).toBe(false);
    away.return();
    await until(isAnswered);
    open.release();
  });

  test("[SY30] deletions are covered", async () => {
    const name = await nameOf();
    const client = await t.join(name, "ada").synced();
    client.type("abc");
    client.doc.getText("text").delete(0, 2);
    await until(client.barrier());
    expect(textOf(await t.restart().read(incidentIn(name), "summary"), "summary")).toBe("c");
  });

  test("[SY32] what was typed while cut off arrives with the next connection", async () => {
    const name = await nameOf();
    const client = await t.join(name, "ada").synced();
    client.type("before ");
    client.provider.disconnect();
    client.type("meanwhile");
    client.provider.connect();
    await client.synced();
    await until(client.barrier());
    expect(textOf(await t.restart().read(incidentIn(name), "summary"), "summary")).toBe("before meanwhile");
  });
});

describe("refusals", () => {
  test("[SY71] [SY31] a viewer receives, may answer with nothing, and cannot write", async () => {
    const name = await nameOf();
    const writer = await t.join(name, "ada").synced();
    const viewer = await t.join(name, "vic").synced();
    writer.type("for all");
    await until(() => viewer.text === "for all");
    await until(viewer.barrier());
    viewer.type(" and mine");
    const isAnswered = viewer.barrier();
    await until(() => viewer.notices.some((notice) => notice.kind === "refused"));
    expect(viewer.notices[0]).toMatchObject({ kind: "joined", canWrite: false });
    writer.type("!");
    await until(() => viewer.text.includes("!"));
    expect(isAnswered()).toBe(false);
    expect(viewer.closedWith).toBeNull();
    expect(writer.text).toBe("for all!");
    expect(textOf(await t.restart().read(incidentIn(name), "summary"), "summary")).not.toContain("mine");
  });

  test("[SY13] replacing or deleting a note is 4422, and the others keep it", async () => {
    const name = await nameOf("notes");
    const id = randomUUID();
    const keeper = await t.join(name, "ada").synced();
    const notes = (client: Client) => client.doc.getMap<Y.Text>("notes");
    notes(keeper).set(id, new Y.Text("kept"));
    await until(keeper.barrier());
    for (const attack of [
      (client: Client) => void notes(client).set(id, new Y.Text("replaced")),
      (client: Client) => void notes(client).delete(id),
    ]) {
      const attacker = await t.join(name, "lin").synced();
      await until(() => notes(attacker).has(id));
      attack(attacker);
      expect(await attacker.closed).toBe(4422);
    }
    expect(notes(keeper).get(id)?.toString()).toBe("kept");
    await until(keeper.barrier());
  });

  test("[SY14] another user's client id is 4422", async () => {
    const name = await nameOf();
    const owner = await t.join(name, "ada").synced();
    owner.type("mine");
    await until(owner.barrier());
    const thief = await t.join(name, "lin").synced();
    thief.doc.clientID = owner.doc.clientID;
    thief.type(" forged");
    expect(await thief.closed).toBe(4422);
    expect(owner.text).toBe("mine");
  });

  test("[SY16] an update over 256 KiB and a frame over 1 MiB are 4413", async () => {
    const name = await nameOf();
    const big = await t.join(name, "ada").synced();
    big.type("x".repeat(257 * 1024));
    expect(await big.closed).toBe(4413);
    const huge = await t.join(name, "lin").synced();
    huge.type("x".repeat(1025 * 1024));
    expect(await huge.closed).toBe(4413);
    const ok = await t.join(name, "ada").synced();
    ok.type("x".repeat(255 * 1024));
    await until(ok.barrier());
  });

  test("[SY10] noise, text frames and broken updates are 4422", async () => {
    const name = await nameOf();
    for (const frame of [new Uint8Array([0, 2, 200]), updateFrame(new Uint8Array([1, 1, 1, 1]))]) {
      const client = await t.join(name, "ada").synced();
      client.send(frame);
      expect(await client.closed).toBe(4422);
    }
    const client = await t.join(name, "ada").synced();
    (client.provider.ws as unknown as WebSocket).send("hello");
    expect(await client.closed).toBe(4422);
  });

  test("message types that are not known are passed over", async () => {
    const client = await t.join(await nameOf(), "ada").synced();
    client.send(new Uint8Array([99, 1, 2, 3]));
    await until(client.barrier());
  });

  test("[SY11] an update whose beginning comes later waits for it", async () => {
    const name = await nameOf();
    const doc = new Y.Doc();
    const made: Uint8Array[] = [];
    doc.on("update", (update: Uint8Array) => made.push(update));
    doc.getText("text").insert(0, "one ");
    doc.getText("text").insert(4, "two");
    const [first, second] = made;
    const socket = new WebSocket(`${t.site.url}/${name}?token=ada`);
    await new Promise((resolve) => socket.on("open", resolve));
    socket.send(updateFrame(second ?? new Uint8Array()));
    socket.send(new Uint8Array([0, 1, ...lengthOf(first), ...(first ?? [])]));
    const watcher = await t.join(name, "lin").synced();
    await until(() => watcher.text === "one two");
    socket.close();
  });
});

function lengthOf(bytes: Uint8Array | undefined): number[] {
  const length = bytes?.length ?? 0;
  return length < 128 ? [length] : [(length & 127) | 128, length >> 7];
}

describe("rights that change", () => {
  test("[SY70] signed out: 4401 within a second, and nothing after it is accepted", async () => {
    const name = await nameOf();
    const client = await t.join(name, "ada").synced();
    const other = await t.join(name, "lin").synced();
    client.type("before");
    await until(client.barrier());
    t.tokens.delete("ada");
    const at = performance.now();
    t.core.facts.emit("access", { userId: ada.userId });
    client.type(" after");
    expect(await client.closed).toBe(4401);
    expect(performance.now() - at).toBeLessThan(1_000);
    other.type("!");
    await until(other.barrier());
    expect(textOf(await t.restart().read(incidentIn(name), "summary"), "summary")).toBe("before!");
  });

  test("[SY70] another role: 4410; no longer a member: 4404; others stay", async () => {
    const id = await t.incident("private");
    await t.core.db.read.insert(incidentMembers).values([
      { incidentId: id, userId: ada.userId },
      { incidentId: id, userId: lin.userId },
    ]);
    const name = `incidents/${id}/summary`;
    const [one, two] = [await t.join(name, "ada").synced(), await t.join(name, "lin").synced()];
    t.tokens.set("lin", { ...lin, role: "viewer" });
    t.core.facts.emit("access", { userId: lin.userId });
    expect(await two.closed).toBe(4410);
    await t.core.db.read.delete(incidentMembers).where(eq(incidentMembers.userId, ada.userId));
    t.core.facts.emit("fact", { incidentId: id, seq: 1, parts: ["access"] });
    expect(await one.closed).toBe(4404);
    const bystander = await t.join(await nameOf(), "ada").synced();
    t.core.facts.emit("access", { userId: ada.userId });
    bystander.type("still here");
    await until(bystander.barrier());
  });

  test("[SY70] of one session only", async () => {
    const name = await nameOf();
    t.tokens.set("phone", { ...ada, sessionId: "phone" });
    t.tokens.set("desk", { ...ada, sessionId: "desk" });
    const [phone, desk] = [await t.join(name, "phone").synced(), await t.join(name, "desk").synced()];
    t.tokens.delete("phone");
    t.core.facts.emit("access", { userId: ada.userId, sessionId: "phone" });
    expect(await phone.closed).toBe(4401);
    desk.type("stays");
    await until(desk.barrier());
  });

  test("[SY2] rights taken away while somebody joins count", async () => {
    const name = await nameOf();
    const open = t.documents.open.bind(t.documents);
    vi.spyOn(t.documents, "open").mockImplementation(async (target) => {
      const opened = await open(target);
      t.tokens.delete("ada");
      t.core.facts.emit("access", { userId: ada.userId });
      return opened;
    });
    expect(await t.join(name, "ada").closed).toBe(4401);
  });
});

describe("presence", () => {
  test("[SY50] [SY51] [SY52] others see where one is, under the name that the server knows, until one leaves", async () => {
    const name = await nameOf();
    const one = await t.join(name, "ada").synced();
    const two = await t.join(name, "lin").synced();
    one.provider.awareness.setLocalState({ user: { name: "The Boss", userId: "x" }, cursor: { at: 3 } });
    const seen = () => two.provider.awareness.getStates().get(one.doc.clientID);
    await until(() => seen() !== undefined);
    expect(seen()).toMatchObject({ user: { name: "Ada", userId: ada.userId }, cursor: { at: 3 } });
    const late = await t.join(name, "vic").synced();
    await until(() => late.provider.awareness.getStates().has(one.doc.clientID));
    one.provider.destroy();
    await until(() => seen() === undefined);
  });

  test("[SY52] whoever comes back after an interruption is seen again at once", async () => {
    const name = await nameOf();
    const one = await t.join(name, "ada").synced();
    const two = await t.join(name, "lin").synced();
    one.provider.awareness.setLocalState({ cursor: 1 });
    const seen = () => two.provider.awareness.getStates().get(one.doc.clientID);
    await until(() => seen()?.cursor === 1);
    one.provider.disconnect();
    await until(() => seen() === undefined);
    one.provider.connect();
    await one.synced();
    one.provider.awareness.setLocalState({ cursor: 2 });
    await until(() => seen()?.cursor === 2);
  });

  test("[SY50] nobody speaks for another", async () => {
    const name = await nameOf();
    const one = await t.join(name, "ada").synced();
    const two = await t.join(name, "lin").synced();
    const three = await t.join(name, "vic").synced();
    one.provider.awareness.setLocalState({ cursor: 1 });
    await until(() => three.provider.awareness.getStates().has(one.doc.clientID));
    two.provider.awareness.meta.set(one.doc.clientID, { clock: 50, lastUpdated: 0 });
    two.provider.awareness.states.set(one.doc.clientID, { cursor: 666 });
    two.provider.awareness.emit("update", [{ added: [], updated: [one.doc.clientID], removed: [] }, "local"]);
    two.provider.awareness.setLocalState({ cursor: 2 });
    await until(() => three.provider.awareness.getStates().has(two.doc.clientID));
    expect(three.provider.awareness.getStates().get(one.doc.clientID)).toMatchObject({ cursor: 1 });
  });
});

describe("pace", () => {
  test("[SY60] a flood is read more slowly, all of it arrives, and nothing closes", async () => {
    const name = await nameOf();
    const fast = await t.join(name, "ada").synced();
    const reader = await t.join(name, "lin").synced();
    for (let count = 0; count < 260; count += 1) fast.type("x");
    const isAnswered = fast.barrier();
    await until(() => reader.text.length > 100);
    expect(isAnswered()).toBe(false);
    await until(isAnswered);
    await until(() => reader.text.length === 260);
    expect(fast.closedWith).toBeNull();
  });

  test("[SY53] a client hears something from time to time", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const site = await t.openSite();
    const client = t.join(await nameOf(), "ada", { site });
    vi.advanceTimersByTime(0);
    await client.synced();
    const heard: number[] = [];
    (client.provider.ws as unknown as WebSocket).on("message", (data: ArrayBuffer) =>
      heard.push(...new Uint8Array(data)),
    );
    vi.advanceTimersByTime(15_000);
    vi.useRealTimers();
    await until(() => heard.length > 0);
    expect(heard.slice(0, 3)).toEqual([1, 1, 0]);
  });
});

describe("stopping", () => {
  test("[SY81] draining stores, closes with 4503, and takes nobody in; the next process has all of it", async () => {
    const name = await nameOf();
    const site = await t.openSite();
    const client = await t.join(name, "ada", { site }).synced();
    client.type("at the last moment");
    await until(() => site.sync.connectionCount === 1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const codes: (number | undefined)[] = [];
    client.provider.on("connection-close", (event) => codes.push(event?.code));
    await site.sync.drain();
    await until(() => codes.length > 1);
    expect(codes).toContain(4503);
    expect(client.closedWith).toBeNull();
    client.provider.destroy();
    const other = await t.join(name, "lin").synced();
    expect(other.text).toBe("at the last moment");
  });

  test("what is chosen is closed with the code that is said", async () => {
    const name = await nameOf();
    const [one, two] = [await t.join(name, "ada").synced(), await t.join(name, "lin").synced()];
    t.site.sync.closeWhere(({ actor }) => actor.userId === ada.userId, 4403);
    expect(await one.closed).toBe(4403);
    await until(two.barrier());
  });
});
