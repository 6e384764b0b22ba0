import { afterAll, beforeAll, expect, test } from "vitest";
import { writeBackup } from "#/db/backup.ts";
import { eventually } from "#/server/testing/eventually.ts";
import { startTestServer, type TestServer } from "#/server/testing/start-test-server.ts";

type WithId = { id: string };
type Destination = WithId & { secret: string | null; url: string; testError: string | null; enabled: boolean };
type Update = WithId & {
  audiences: { name: string }[];
  channels: string[];
  deliveries: { channel: string; state: string }[];
};
type List<T> = { items: T[]; nextCursor: string | null };

let s: TestServer;
beforeAll(async () => {
  s = await startTestServer();
});
afterAll(() => s.stop());

const made = async <T>(path: string, body: object, headers: Record<string, string> = {}): Promise<T> => {
  const answer = await s.ask<T>("POST", `/api/v1${path}`, body, { headers });
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
};
const publicPaths = async (): Promise<string[]> => {
  const { text } = await s.ask("GET", "/status", undefined, { token: null });
  const incident = /\/status\/incidents\/[0-9a-z]{12}/.exec(text)?.[0];
  expect(incident).toBeDefined();
  const json = ["summary", "status", "components", "incidents", "incidents/unresolved", "scheduled-maintenances"];
  return [
    "/status",
    String(incident),
    "/status/history",
    "/status/feed.atom",
    "/status/feed.rss",
    ...json.map((name) => `/api/v2/${name}.json`),
  ];
};

test("what is internal is in no byte that the public gets", async () => {
  const { id: relay } = await made<Destination>("/destinations", {
    kind: "webhook",
    name: "Relay-of-secrets",
    url: "https://relay.example.invalid/x",
  });
  await made("/audiences", {
    name: "Directors-only",
    kind: "internal",
    destinations: [relay],
    emails: ["boss@corp.example"],
  });
  await made("/audiences", { name: "Resellers-list", kind: "public", slackChannels: ["#reseller-room"] });
  const incident = await made<WithId & { reference: string }>("/incidents", { title: "db-7 died", severity: "SEV1" });
  const publish = (body: object) =>
    made<Update>(`/incidents/${incident.id}/updates`, { status: "identified", ...body });
  const open = await publish({ body: "Payments may fail.", channels: ["status_page"] });
  expect(open.audiences.map((one) => one.name)).toEqual(["Directors-only", "Resellers-list"]);
  const inside = await publish({ body: "Bob tripped over the cable.", channels: ["slack"], audience: "internal" });
  expect(inside.audiences.map((one) => one.name)).toEqual(["Directors-only"]);
  await publish({ body: "Payments work again.", channels: ["status_page"], status: "monitoring" });
  await eventually(async () =>
    expect((await s.ask("GET", "/status", undefined, { token: null })).text).toContain("work again"),
  );
  const secrets = [
    "Relay-of-secrets",
    "relay.example",
    "Directors-only",
    "boss@corp",
    "Resellers-list",
    "reseller-room",
  ];
  for (const path of await publicPaths()) {
    const { status, text } = await s.ask("GET", path, undefined, { token: null });
    expect(status, path).toBe(200);
    for (const secret of [...secrets, "Bob tripped", "db-7", incident.reference, incident.id, inside.id]) {
      expect(text, path).not.toContain(secret);
    }
  }
});

test("an update that names only channels goes out as it always did", async () => {
  const incident = await made<WithId>("/incidents", { title: "Plain" });
  const body = {
    status: "identified",
    body: "We know why.",
    channels: ["status_page", "slack", "email"],
    audiences: [],
  };
  const update = await made<Update>(`/incidents/${incident.id}/updates`, body);
  expect(update.channels).toEqual(["status_page", "slack", "email"]);
  expect(update.deliveries.map((one) => one.channel).sort()).toEqual(["email", "slack", "status_page"]);
  const none = await s.ask("POST", `/api/v1/incidents/${incident.id}/updates`, { ...body, channels: [] });
  expect(none.status).toBe(400);
  expect(none.text).toContain("Choose at least one channel.");
});

test("a repeated request to add a webhook answers with the same secret, and adds one", async () => {
  const headers = { "idempotency-key": "add-once" };
  const input = { kind: "webhook", name: "Once", url: "https://once.example.invalid/key-9876" };
  const [first, again] = [
    await made<Destination>("/destinations", input, headers),
    await made<Destination>("/destinations", input, headers),
  ];
  expect(again.secret).toBe(first.secret);
  const { body } = await s.ask<List<Destination>>("GET", "/api/v1/destinations");
  expect(body.items.filter((one) => one.url === "https://once.example.invalid/…9876")).toHaveLength(1);
  expect(JSON.stringify(body)).not.toContain(first.secret);
});

test("a test goes nowhere near the machine itself, whatever the address is called", async () => {
  const refused = await s.ask("POST", "/api/v1/destinations", {
    kind: "webhook",
    name: "Inside",
    url: `${s.url}/hooks/x`,
  });
  expect(refused.status).toBe(400);
  expect(refused.text).toContain("/url");
  // A name that nobody knows: it is looked up each time, and nothing is sent without an address.
  const { id } = await made<Destination>("/destinations", {
    kind: "mattermost",
    name: "Nowhere",
    url: "https://nowhere.example.invalid/hooks/x",
  });
  const tried = await s.ask<Destination>("POST", `/api/v1/destinations/${id}/test`);
  expect(tried.status).toBe(200);
  expect(tried.body.testError).toContain("could not be resolved");
  const list = await s.ask<List<WithId>>("GET", `/api/v1/destinations/${id}/deliveries`);
  expect(list.body).toEqual({ items: [], nextCursor: null });
});

test("a backup holds audiences and destinations with their keys", async () => {
  const lines: string[] = [];
  await writeBackup(s.server.core.db, { createdAt: new Date(), authSecret: null }, async (line) => {
    if (line.kind === "row") lines.push(line.table);
  });
  for (const table of ["audiences", "destinations", "audience_destinations"]) expect(lines).toContain(table);
});
