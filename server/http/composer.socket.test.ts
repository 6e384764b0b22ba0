import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import { eventually } from "#/server/testing/eventually.ts";
import { startTestServer, TEST_OWNER_TOKEN, type TestServer } from "#/server/testing/start-test-server.ts";

type Incident = { id: string; reference: string; version: number; nextUpdateDueAt: string | null };
type Preview = { title: string; body: string; channels: { channel: string; html?: string }[] };

let s: TestServer;
const providers: WebsocketProvider[] = [];
beforeAll(async () => {
  s = await startTestServer();
});
afterAll(async () => {
  for (const provider of providers) {
    provider.destroy();
    provider.awareness.destroy();
  }
  await s.stop();
});

const declare = async () =>
  (await s.ask<Incident>("POST", "/api/v1/incidents", { title: "db-7 lags behind", severity: "SEV2" })).body;
const pathOf = (incident: Incident, rest = "") => `/api/v1/incidents/${incident.id}${rest}`;
const update = (body: object = {}) => ({
  status: "identified",
  body: "Payments fail.",
  channels: ["status_page"],
  ...body,
});

async function draftOf(incident: Incident): Promise<Y.Text> {
  const doc = new Y.Doc();
  const provider = new WebsocketProvider(
    `${s.url.replace("http", "ws")}/sync`,
    `incidents/${incident.id}/update`,
    doc,
    {
      WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
      params: { token: TEST_OWNER_TOKEN },
      disableBc: true,
    },
  );
  providers.push(provider);
  await eventually(() => expect(provider.synced).toBe(true));
  return doc.getText("text");
}

describe("the draft", () => {
  test("is emptied for everybody by its own publishing, and left alone by a script's", async () => {
    const incident = await declare();
    const [hers, his] = [await draftOf(incident), await draftOf(incident)];
    hers.insert(0, "Payments fail.");
    await eventually(() => expect(his.toString()).toBe("Payments fail."));
    await s.ask("PATCH", pathOf(incident, "/update-draft"), { title: "Payments" });
    expect((await s.ask("POST", pathOf(incident, "/updates"), update())).status).toBe(201);
    expect(his.toString()).toBe("Payments fail.");
    expect((await s.ask("POST", pathOf(incident, "/updates"), update({ isDraft: true }))).status).toBe(201);
    await eventually(() => expect([hers.toString(), his.toString()]).toEqual(["", ""]));
  });

  test("is emptied when it is planned, too", async () => {
    const incident = await declare();
    const draft = await draftOf(incident);
    draft.insert(0, "Payments fail.");
    const publishAt = new Date(Date.now() + 3_600_000).toISOString();
    const plan = (isDraft: boolean) =>
      s.ask("POST", pathOf(incident, "/planned-updates"), { update: update({ isDraft }), publishAt });
    expect((await plan(false)).status).toBe(201);
    expect(draft.toString()).toBe("Payments fail.");
    expect((await plan(true)).status).toBe(201);
    await eventually(() => expect(draft.toString()).toBe(""));
  });

  test.each([
    ["/status", { status: "closed" }],
    ["/title", { title: "x".repeat(151) }],
    ["/next/minutes", { next: { kind: "minutes", minutes: 0 } }],
    ["/next/at", { next: { kind: "at", at: "soon" } }],
    ["/wordings", { wordings: { status_page: "x" } }],
    ["/wordings/slack", { wordings: { slack: "x".repeat(3_501) } }],
  ])("a wrong %s is 400 with a pointer", async (pointer, body) => {
    const path = pathOf(await declare(), "/update-draft");
    const answer = await s.ask<{ errors: { pointer: string }[] }>("PATCH", path, body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0]?.pointer).toContain(pointer);
  });
});

describe("publishing", () => {
  test("what was seen otherwise is 412, a time in the past 400", async () => {
    const incident = await declare();
    const seen = { updateId: null, status: "investigating", severity: "SEV1" };
    const stale = await s.ask<{ detail: string }>("POST", pathOf(incident, "/updates"), update({ seen }));
    expect(stale).toMatchObject({ status: 412, body: { detail: expect.stringContaining("the severity is SEV2") } });
    const past = update({ nextUpdateAt: "2020-01-01T00:00:00Z" });
    expect(await s.ask("POST", pathOf(incident, "/updates"), past)).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: "/nextUpdateAt" }] },
    });
    const nextUpdateAt = new Date(Date.now() + 20 * 60_000).toISOString();
    expect(await s.ask("POST", pathOf(incident, "/updates"), update({ nextUpdateAt }))).toMatchObject({
      status: 201,
      body: {
        nextUpdateAt,
        body: expect.stringMatching(/^Payments fail\. Next update (on \d+ \w+ )?at \d\d:\d\d UTC\.$/),
      },
    });
    expect((await s.ask<Incident>("GET", pathOf(incident))).body.nextUpdateDueAt).toBe(nextUpdateAt);
  });

  test("a preview publishes nothing and shows the page as it would be", async () => {
    const incident = await declare();
    const asked = update({ title: "Payments <b>", body: "" });
    const { body, status } = await s.ask<Preview>("POST", pathOf(incident, "/updates/preview"), asked);
    expect(status).toBe(200);
    expect(body.title).toBe("Payments <b>");
    expect(body.channels[0]?.html).toContain("Payments &lt;b&gt;");
    expect((await s.ask<{ items: unknown[] }>("GET", pathOf(incident, "/updates"))).body.items).toEqual([]);
    expect((await s.ask("GET", "/status", undefined, { token: null })).text).not.toContain("Payments &lt;b&gt;");
  });
});

describe("templates", () => {
  test("wrong input is 400 with a pointer", async () => {
    const good = { name: "Ours", body: "{{impact}}" };
    expect((await s.ask("POST", "/api/v1/update-templates", good)).status).toBe(201);
    const cases: [object, string][] = [
      [{ ...good, name: " " }, "/name"],
      [{ ...good, name: "x".repeat(61) }, "/name"],
      [{ ...good, body: "" }, "/body"],
      [{ ...good, body: "x".repeat(3_501) }, "/body"],
      [{ ...good, body: "{{title}} fails" }, "/body"],
      [{ ...good, severities: ["SEV9"] }, "/severities/0"],
    ];
    for (const [body, pointer] of cases) {
      expect(await s.ask("POST", "/api/v1/update-templates", body), pointer).toMatchObject({
        status: 400,
        body: { errors: [{ pointer }] },
      });
    }
    expect((await s.ask("DELETE", "/api/v1/update-templates/nonsense")).status).toBe(404);
  });
});
