import { io, type Socket } from "socket.io-client";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startTestServer, TEST_OWNER_TOKEN, type TestServer } from "#/server/testing/start-test-server.ts";
import type { ClientMessages, PersonHere, RoomAnswer, RoomFact, ServerMessages } from "./contract.ts";

type Client = Socket<ServerMessages, ClientMessages>;
type Person = { id: string; token: string };

let s: TestServer;
let ada: Person;
let vera: Person;
const clients: Client[] = [];

async function person(name: string, role: string): Promise<Person> {
  const user = await s.ask<{ id: string }>("POST", "/api/v1/users", { email: `${name}@example.com`, name, role });
  const token = await s.ask<{ token: string }>("POST", "/api/v1/tokens", { name, userId: user.body.id });
  return { id: user.body.id, token: token.body.token };
}

function connect(token: string, headers: Record<string, string> = {}): Client {
  const client: Client = io(s.url, {
    transports: ["websocket"],
    auth: { token },
    reconnection: false,
    extraHeaders: headers,
  });
  clients.push(client);
  return client;
}

function join(client: Client, incident: string): Promise<RoomAnswer> {
  return new Promise((resolve) => client.emit("room:join", { incident }, resolve));
}

async function room(client: Client, incident: string) {
  const answer = await join(client, incident);
  if (!answer.ok) throw new Error(answer.code);
  if (!answer.room) throw new Error("the room was held back");
  return answer.room;
}

function collect(client: Client): RoomFact[] {
  const facts: RoomFact[] = [];
  client.on("room:fact", (fact) => facts.push(fact));
  return facts;
}

/** Enters a room, and returns who is in it as this client was told last. */
async function peopleSeenBy(client: Client, incident: string): Promise<() => PersonHere[]> {
  let people: PersonHere[] = [];
  client.on("people:fact", (fact) => {
    people = fact.people;
  });
  await room(client, incident);
  return () => people;
}

type Made = { id: string; reference: string };
async function declare(body: object = {}): Promise<Made> {
  return (await s.ask<Made>("POST", "/api/v1/incidents", { title: "Slow", ...body })).body;
}

beforeAll(async () => {
  s = await startTestServer();
  ada = await person("ada", "responder");
  vera = await person("vera", "viewer");
});
afterEach(() => {
  for (const client of clients.splice(0)) client.disconnect();
});
afterAll(() => s.stop());

describe("joining", () => {
  test("gives the whole room as of a sequence number", async () => {
    const incident = await declare();
    const view = await room(connect(ada.token), incident.reference);
    expect(view).toMatchObject({
      seq: 1,
      incident: { id: incident.id },
      entries: [{ type: "incident.declared", seq: 1 }],
    });
  });

  test("without a good token the connection is refused", async () => {
    const client = connect("mst_wrong");
    const error = await new Promise<Error>((resolve) => client.on("connect_error", resolve));
    expect(error.message).toBe("signed_out");
  });

  test("a private incident is absent for those who are not its members", async () => {
    const incident = await declare({ visibility: "private" });
    expect(await join(connect(ada.token), incident.id)).toMatchObject({ ok: false, code: "not_found" });
  });

  test("a page of another origin is refused with a cookie", async () => {
    const client = connect(TEST_OWNER_TOKEN, { origin: "https://evil.example", cookie: "next-auth.session-token=x" });
    await expect(new Promise((_resolve, reject) => client.on("connect_error", reject))).rejects.toThrow();
  });
});

describe("facts", () => {
  test("arrive in order without a gap, each with the new state of what changed", async () => {
    const incident = await declare();
    const client = connect(ada.token);
    const start = (await room(client, incident.id)).seq;
    const facts = collect(client);
    await s.ask("PATCH", `/api/v1/incidents/${incident.id}`, { severity: "SEV1" });
    await s.ask("PUT", `/api/v1/incidents/${incident.id}/roles/commander`, {}, { token: ada.token });
    await s.ask("POST", `/api/v1/incidents/${incident.id}/tasks`, { title: "Roll back" });
    await s.ask("POST", `/api/v1/incidents/${incident.id}/timeline`, { body: "A **note**" });
    await expect.poll(() => facts.some((fact) => fact.entry?.kind === "note")).toBe(true);
    expect(facts.map((fact) => fact.seq)).toEqual(facts.map((_fact, n) => start + 1 + n));
    expect(facts.find((fact) => fact.entry?.type === "incident.severity_changed")).toBeDefined();
    expect(facts.some((fact) => fact.incident?.roles.some((role) => role.holder?.name === "ada"))).toBe(true);
    expect(facts.some((fact) => fact.tasks?.[0]?.title === "Roll back")).toBe(true);
    expect(facts.find((fact) => fact.entry?.kind === "note")?.entry?.html).toContain("<strong>note</strong>");
  });

  test("of a storm reach the room as one consistent state", async () => {
    const incident = await declare();
    const client = connect(ada.token);
    await room(client, incident.id);
    const facts = collect(client);
    await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        s.ask("POST", `/api/v1/incidents/${incident.id}/tasks`, { title: `task ${n}` }),
      ),
    );
    await expect.poll(() => facts.findLast((fact) => fact.tasks)?.tasks?.length, { timeout: 10_000 }).toBe(40);
    const seqs = facts.map((fact) => fact.seq);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  });

  test("go to lists of those who may see the incident, and to no other", async () => {
    const watcher = connect(vera.token);
    const seen: string[] = [];
    watcher.on("list:fact", ({ incident }) => seen.push(incident.title));
    await new Promise((resolve) => watcher.emit("list:join", resolve));
    await declare({ title: "Hidden plan", visibility: "private" });
    await declare({ title: "Open plan" });
    await expect.poll(() => seen).toContain("Open plan");
    expect(seen).not.toContain("Hidden plan");
  });
});

test("whoever knows the newest number is not sent the room again, and hears what follows", async () => {
  const incident = await declare();
  const client = connect(ada.token);
  const { seq } = await room(client, incident.id);
  const join = (known: number, key = incident.id) =>
    client.timeout(5_000).emitWithAck("room:join", { incident: key, seq: known });
  expect(await join(seq)).toEqual({ ok: true, room: null });
  expect(await join(seq - 1)).toMatchObject({ ok: true, room: { seq } });
  expect(await join(seq, incident.reference)).toMatchObject({ ok: true, room: { seq } });
  const facts = collect(client);
  await s.ask("PATCH", `/api/v1/incidents/${incident.id}`, { hypothesis: "the pool" });
  await expect.poll(() => facts.map((fact) => fact.seq)).toContain(seq + 1);
});

test("whoever asks for the time gets the server's", async () => {
  const client = connect(vera.token);
  const before = Date.now();
  const told = Date.parse(await client.timeout(5_000).emitWithAck("time:ask"));
  expect(told).toBeGreaterThanOrEqual(before);
  expect(told).toBeLessThanOrEqual(Date.now());
});

describe("people here", () => {
  test("one person is one entry, however many tabs, until the last one leaves", async () => {
    const incident = await declare();
    const watcher = connect(TEST_OWNER_TOKEN);
    const people = await peopleSeenBy(watcher, incident.id);
    const tabs = [connect(ada.token), connect(ada.token)];
    for (const tab of tabs) await room(tab, incident.id);
    await expect.poll(() => people().map((person) => person.name)).toContain("ada");
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(people()).toHaveLength(2);
    tabs[0]?.disconnect();
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(people()).toHaveLength(2);
    tabs[1]?.disconnect();
    await expect.poll(people).toHaveLength(1);
  });
});

describe("presence", () => {
  test("a person is idle when all their tabs are, wakes with one, and starts awake on a new connection", async () => {
    const incident = await declare();
    const watcher = connect(vera.token);
    const people = await peopleSeenBy(watcher, incident.id);
    const idleOf = () => people().find((person) => person.userId === ada.id)?.idle;
    const tabs = [connect(ada.token), connect(ada.token)];
    for (const tab of tabs) await room(tab, incident.id);
    await expect.poll(idleOf).toBe(false);
    tabs[0]?.emit("room:idle", { idle: true });
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(idleOf()).toBe(false);
    tabs[1]?.emit("room:idle", { idle: true });
    await expect.poll(idleOf).toBe(true);
    tabs[0]?.emit("room:idle", { idle: false });
    await expect.poll(idleOf).toBe(false);
    tabs[0]?.disconnect();
    await expect.poll(idleOf).toBe(true);
    await room(connect(ada.token), incident.id);
    await expect.poll(idleOf).toBe(false);
  });

  test("what a client says of itself beyond that is not believed", async () => {
    const incident = await declare();
    const client = connect(ada.token);
    const people = await peopleSeenBy(client, incident.id);
    const odd = client as unknown as { emit(type: string, ...rest: unknown[]): void };
    for (const said of [undefined, null, "idle", { idle: "yes" }, { idle: 1, name: "Vera", userId: vera.id }]) {
      odd.emit("room:idle", said);
    }
    odd.emit("room:idle", { idle: true, name: "Vera", userId: vera.id });
    await expect.poll(people).toMatchObject([{ userId: ada.id, name: "ada", idle: true }]);
  });

  test("people in one room have colours of their own", async () => {
    const incident = await declare();
    const watcher = connect(vera.token);
    const people = await peopleSeenBy(watcher, incident.id);
    const crowd = await Promise.all(
      Array.from({ length: 7 }, (_, n) => person(`crowd${n}x${Date.now()}`, "responder")),
    );
    for (const each of crowd) await room(connect(each.token), incident.id);
    await expect.poll(() => people().length).toBe(crowd.length + 1);
    expect(new Set(people().map(({ colour }) => colour)).size).toBe(crowd.length + 1);
  });
});

describe("when rights end", () => {
  test("an incident made private shows out those who are not its members", async () => {
    const incident = await declare();
    const client = connect(vera.token);
    await room(client, incident.id);
    const facts = collect(client);
    const closed = new Promise<number>((resolve) => client.on("room:closed", ({ code }) => resolve(code)));
    await s.ask("PATCH", `/api/v1/incidents/${incident.id}`, { visibility: "private" });
    expect(await closed).toBe(4404);
    facts.length = 0;
    await s.ask("PATCH", `/api/v1/incidents/${incident.id}`, { hypothesis: "secret" });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(facts).toEqual([]);
  });

  test("a revoked person's connections end", async () => {
    const eve = await person(`eve${Date.now()}`, "responder");
    const client = connect(eve.token);
    await room(client, (await declare()).id);
    const gone = new Promise((resolve) => client.on("disconnect", resolve));
    await s.ask("DELETE", `/api/v1/users/${eve.id}`);
    await gone;
  });
});
