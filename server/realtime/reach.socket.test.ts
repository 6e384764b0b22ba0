import { io, type Socket } from "socket.io-client";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "#/server/testing/eventually.ts";
import { startTestServer, type TestServer } from "#/server/testing/start-test-server.ts";
import type { ClientMessages, RoomAnswer, RoomFact, ServerMessages } from "./contract.ts";

type Client = Socket<ServerMessages, ClientMessages>;
type Person = { id: string; token: string };
type Told = Parameters<ServerMessages["notification:fact"]>[0];
type Role = { role: string; holder: { name: string } | null; awaySince: string | null };

let s: TestServer;
let ada: Person;
let lin: Person;
let vic: Person;
const clients: Client[] = [];

async function person(name: string, role: string): Promise<Person> {
  const user = await s.ask<{ id: string }>("POST", "/api/v1/users", { email: `${name}@example.com`, name, role });
  const token = await s.ask<{ token: string }>("POST", "/api/v1/tokens", { name, userId: user.body.id });
  return { id: user.body.id, token: token.body.token };
}
function connect(who: Person): Client & { told: Told[]; facts: RoomFact[] } {
  const client: Client = io(s.url, { transports: ["websocket"], auth: { token: who.token }, reconnection: false });
  clients.push(client);
  const told: Told[] = [];
  const facts: RoomFact[] = [];
  client.on("notification:fact", (fact) => told.push(fact));
  client.on("room:fact", (fact) => facts.push(fact));
  return Object.assign(client, { told, facts });
}
const connected = (client: Client) => eventually(() => expect(client.connected).toBe(true));
const join = (client: Client, incident: string) =>
  new Promise<RoomAnswer>((resolve) => client.emit("room:join", { incident }, resolve));
const declare = async (body: object = {}) =>
  (await s.ask<{ id: string; reference: string }>("POST", "/api/v1/incidents", { title: "Slow", ...body })).body;
const ask = <T = { detail: string }>(who: Person, method: string, path: string, body?: unknown) =>
  s.ask<T>(method, `/api/v1${path}`, body, { token: who.token });
async function commander(incident: string): Promise<Role | undefined> {
  const { body } = await ask<{ items: Role[] }>(ada, "GET", `/incidents/${incident}/roles`);
  return body.items.find(({ role }) => role === "commander");
}

beforeAll(async () => {
  s = await startTestServer();
  ada = await person("Ada", "responder");
  lin = await person("Lin", "responder");
  vic = await person("Vic", "viewer");
});
afterEach(() => {
  for (const client of clients.splice(0)) client.disconnect();
});
afterAll(() => s.stop());

describe("a holder's presence", () => {
  test("is known while a tab of theirs is in the room, and told to it when the last one goes", async () => {
    const { id } = await declare();
    const first = connect(ada);
    const second = connect(ada);
    await join(first, id);
    await join(second, id);
    const watcher = connect(lin);
    await join(watcher, id);
    await ask(ada, "PUT", `/incidents/${id}/roles/commander`, {});
    await eventually(async () => expect((await commander(id))?.awaySince).toBeNull());
    const refused = await ask(lin, "POST", `/incidents/${id}/roles/commander/take-over`, { reason: "Now" });
    expect(refused).toMatchObject({
      status: 409,
      body: { detail: expect.stringMatching(/^Ada has commander and has been here since \d\d:\d\d UTC\./) },
    });
    first.disconnect();
    await join(watcher, id);
    expect((await commander(id))?.awaySince).toBeNull();
    second.emit("room:leave", { incident: id });
    await eventually(async () => expect((await commander(id))?.awaySince).not.toBeNull());
    await eventually(() => {
      const role = watcher.facts.at(-1)?.incident?.roles.find((each) => each.role === "commander");
      expect(role?.awaySince).not.toBeNull();
    });
    const early = await ask(lin, "POST", `/incidents/${id}/roles/commander/take-over`, { reason: "Now" });
    expect(early).toMatchObject({ status: 409, body: { detail: expect.stringContaining("has been away only since") } });
    await join(second, id);
    await eventually(async () => expect((await commander(id))?.awaySince).toBeNull());
  });
});

describe("a person's own notifications", () => {
  test("reach all their connections at once, and nobody else's; seen in one is seen in all", async () => {
    const { id, reference } = await declare();
    const mine = [connect(lin), connect(lin)];
    const other = connect(ada);
    for (const client of [...mine, other]) await connected(client);
    await ask(ada, "POST", `/incidents/${id}/roles/commander/offer`, { userId: lin.id });
    for (const client of mine) {
      await eventually(() =>
        expect(client.told).toMatchObject([
          {
            unseen: 1,
            notification: { kind: "role", title: `Ada offers you commander of ${reference}`, seenAt: null },
          },
        ]),
      );
    }
    const noticeId = mine[0]?.told[0]?.notification.id;
    expect((await ask(ada, "POST", `/notifications/${noticeId}/seen`)).status).toBe(404);
    expect((await ask(lin, "POST", `/notifications/${noticeId}/seen`)).status).toBe(200);
    for (const client of mine) await eventually(() => expect(client.told.at(-1)).toMatchObject({ unseen: 0 }));
    expect(other.told).toEqual([]);
  });

  test("wait for whoever is not connected; the invitation is then delivered, and joined by coming", async () => {
    const { id } = await declare();
    const inviter = connect(ada);
    await join(inviter, id);
    const made = await ask<{ items: { state: string }[] }>(ada, "POST", `/incidents/${id}/invitations`, {
      userId: vic.id,
    });
    expect(made).toMatchObject({ status: 201, body: { items: [{ state: "invited" }] } });
    const client = connect(vic);
    await eventually(() => expect(client.told).toMatchObject([{ notification: { kind: "invitation" } }]));
    const stateOf = () => inviter.facts.findLast((fact) => fact.invitations)?.invitations?.[0];
    await eventually(() => expect(stateOf()).toMatchObject({ state: "delivered", deliveredBy: "browser" }));
    await join(client, id);
    await eventually(() => expect(stateOf()).toMatchObject({ state: "joined" }));
    await eventually(() => expect(client.told.at(-1)).toMatchObject({ unseen: 0 }));
  });

  test("say nothing about a private incident to who is not its member", async () => {
    const { id } = await declare({ visibility: "private" });
    const client = connect(lin);
    await connected(client);
    const before = client.told.length;
    expect((await ask(lin, "GET", `/incidents/${id}/brief`)).status).toBe(404);
    expect((await ask(lin, "GET", `/incidents/${id}/invitations`)).status).toBe(404);
    const owners = await s.ask("POST", `/api/v1/incidents/${id}/tasks`, { title: "Secret", ownerId: lin.id });
    expect(owners.status).toBe(409);
    await s.ask("PUT", `/api/v1/incidents/${id}/members/${lin.id}`);
    await s.ask("POST", `/api/v1/incidents/${id}/roles/scribe/offer`, { userId: lin.id });
    await eventually(() => expect(client.told.length).toBeGreaterThan(before));
    expect(client.told.slice(before).map((fact) => fact.notification.kind)).toEqual(["role"]);
    await s.ask("DELETE", `/api/v1/incidents/${id}/members/${lin.id}`);
    const { body } = await ask<{ items: { incident: { id: string } }[] }>(lin, "GET", "/notifications");
    expect(body.items.map((each) => each.incident.id)).not.toContain(id);
  });
});

test("a brief is JSON, or Markdown for who asks for it", async () => {
  const { id, reference } = await declare();
  const path = `/api/v1/incidents/${id}/brief`;
  expect((await s.ask("GET", path)).body).toMatchObject({ reference, missingRoles: ["commander"] });
  const markdown = await s.ask("GET", path, undefined, { headers: { accept: "text/markdown" } });
  expect(markdown.headers.get("content-type")).toContain("text/markdown");
  expect(markdown.text).toContain(`# ${reference} Slow`);
});
