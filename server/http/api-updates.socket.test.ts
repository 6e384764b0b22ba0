import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "#/server/testing/eventually.ts";
import { startTestServer, type TestServer } from "#/server/testing/start-test-server.ts";

type Incident = { id: string; reference: string; status: string };
type Update = { id: string; title: string; body: string; correctedAt: string | null };
type Received = { to: string[]; subject: string; unsubscribe: string; headers: Map<string, unknown> };

let s: TestServer;
let smtp: SMTPServer;
const mails: Received[] = [];

beforeAll(async () => {
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData(stream, session, done) {
      simpleParser(stream).then(
        (mail) => {
          const list = mail.headers.get("list") as { unsubscribe?: { url?: string } } | undefined;
          mails.push({
            to: session.envelope.rcptTo.map((recipient) => recipient.address),
            subject: mail.subject ?? "",
            unsubscribe: list?.unsubscribe?.url ?? "",
            headers: mail.headers,
          });
          done();
        },
        (error: Error) => done(error),
      );
    },
  });
  await new Promise<void>((resolve) => smtp.listen(0, "127.0.0.1", resolve));
  const { port } = smtp.server.address() as { port: number };
  s = await startTestServer({ SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: "status@example.com" });
});
afterAll(async () => {
  await s.stop();
  await new Promise<void>((resolve) => smtp.close(() => resolve()));
});

async function declare(body: object = {}): Promise<Incident> {
  const made = await s.ask<Incident>("POST", "/api/v1/incidents", { title: "db-7 internal name", ...body });
  expect(made.status).toBe(201);
  return made.body;
}
const publish = (incident: Incident, body: object = {}) =>
  s.ask<Update>("POST", `/api/v1/incidents/${incident.id}/updates`, {
    status: "identified",
    body: "We know why.",
    channels: ["status_page"],
    ...body,
  });
const statusOf = async (incident: Incident) =>
  (await s.ask<Incident>("GET", `/api/v1/incidents/${incident.id}`)).body.status;
const page = async (path = "/status") => (await s.ask("GET", path, undefined, { token: null })).text;
const shows = (text: string, path?: string) => eventually(async () => expect(await page(path)).toContain(text));

describe("publishing", () => {
  test("sets the incident's status, and the page shows the public name only", async () => {
    const incident = await declare();
    expect(await publish(incident, { title: "Payments fail" })).toMatchObject({
      status: 201,
      body: { title: "Payments fail" },
    });
    expect(await statusOf(incident)).toBe("identified");
    await shows("Payments fail");
    const json = await s.ask<{ incidents: { id: string; name: string }[] }>("GET", "/api/v2/summary.json", undefined, {
      token: null,
    });
    expect(json.body.incidents.map((each) => each.name)).toContain("Payments fail");
    expect(json.body.incidents.every((each) => /^[0-9a-z]{12}$/.test(each.id))).toBe(true);
    for (const text of [await page(), json.text, await page("/status/feed.atom")]) {
      expect(text).not.toContain("db-7");
      expect(text).not.toContain(incident.reference);
      expect(text).not.toContain(incident.id);
    }
  });

  test("on triage accepts first", async () => {
    const incident = await declare({ status: "triage" });
    expect((await publish(incident, { status: "monitoring" })).status).toBe(201);
    expect(await s.ask("GET", `/api/v1/incidents/${incident.id}`)).toMatchObject({
      body: { status: "monitoring", acceptedAt: expect.any(String) },
    });
  });

  test("resolved resolves; after it any other status is 409, also once closed", async () => {
    const incident = await declare();
    expect((await publish(incident, { status: "resolved" })).status).toBe(201);
    expect(await statusOf(incident)).toBe("resolved");
    for (const status of ["investigating", "identified", "monitoring"]) {
      expect((await publish(incident, { status })).status, status).toBe(409);
    }
    await s.ask("POST", `/api/v1/incidents/${incident.id}/close`, {});
    expect((await publish(incident, { status: "monitoring" })).status).toBe(409);
    expect((await publish(incident, { status: "resolved", body: "It stays well." })).status).toBe(201);
    expect(await statusOf(incident)).toBe("closed");
  });

  test("of a private incident, a drill, a declined or merged one is 409, and nothing is written", async () => {
    const declined = await declare({ status: "triage" });
    await s.ask("POST", `/api/v1/incidents/${declined.id}/decline`, { reason: "noise" });
    for (const incident of [await declare({ visibility: "private" }), await declare({ mode: "drill" }), declined]) {
      const answer = await publish(incident, { title: "Must not get out" });
      expect(answer.status).toBe(409);
      expect(answer.headers.get("content-type")).toContain("application/problem+json");
      const { body } = await s.ask<{ items: Update[] }>("GET", `/api/v1/incidents/${incident.id}/updates`);
      expect(body.items).toEqual([]);
    }
    expect(await page()).not.toContain("Must not get out");
  });

  test("wrong input is 400 with a pointer", async () => {
    const incident = await declare();
    const cases: [object, string][] = [
      [{ body: " " }, "/body"],
      [{ status: "closed" }, "/status"],
      [{ channels: [] }, "/channels"],
      [{ channels: ["pigeon"] }, "/channels/0"],
      [{ components: [{ id: "nope", status: "operational" }] }, "/components/0"],
      [{ audience: "internal" }, "/channels"],
    ];
    for (const [body, pointer] of cases) {
      const answer = await publish(incident, body);
      expect(answer.status, pointer).toBe(400);
      expect(answer.body).toMatchObject({ errors: [{ pointer }] });
    }
    expect(await statusOf(incident)).toBe("investigating");
  });
});

describe("a correction", () => {
  test("marks the update as corrected on the page and in the feed", async () => {
    const incident = await declare();
    const update = await publish(incident, { title: "Typo here", body: "Paymnets fail." });
    await shows("Paymnets");
    const path = `/api/v1/incidents/${incident.id}/updates/${update.body.id}`;
    const corrected = await s.ask<Update>("PATCH", path, { body: "Payments fail for some." });
    expect(corrected).toMatchObject({
      status: 200,
      body: { body: "Payments fail for some.", correctedAt: expect.any(String) },
    });
    await shows("Payments fail for some.");
    const { body } = await s.ask<{ incidents: { id: string; name: string }[] }>("GET", "/api/v2/incidents.json");
    const publicId = body.incidents.find((each) => each.name === "Typo here")?.id;
    const shown = await page(`/status/incidents/${publicId}`);
    expect(shown).toMatch(/corrected/i);
    expect(shown).not.toContain("Paymnets");
    expect(await page("/status/feed.atom")).toMatch(/corrected/i);
    expect(await page("/status/feed.rss")).toMatch(/corrected/i);
    expect((await s.ask("PATCH", path, { body: "" })).status).toBe(400);
  });
});

describe("a subscriber", () => {
  const add = (email: string, body: object = {}) =>
    s.ask<{ id: string; confirmed: boolean }>("POST", "/api/v1/subscribers", { email, confirmed: true, ...body });
  const mailsTo = (email: string) => mails.filter((mail) => mail.to.includes(email));

  test("gets mail with one-click unsubscribing, and after one POST no more", async () => {
    expect(await add("reader@example.com")).toMatchObject({ status: 201, body: { confirmed: true } });
    const incident = await declare();
    await publish(incident, { channels: ["email"], title: "Mail about payments" });
    await eventually(() => expect(mailsTo("reader@example.com")).toHaveLength(1));
    const [mail] = mailsTo("reader@example.com");
    expect(mail?.headers.get("list-unsubscribe-post") ?? mail?.headers.get("list")).toBeTruthy();
    const { pathname } = new URL(String(mail?.unsubscribe));
    const shown = await s.ask("GET", pathname, undefined, { token: null });
    expect(shown.status).toBe(200);
    const press = () =>
      s.ask("POST", pathname, "List-Unsubscribe=One-Click", {
        token: null,
        headers: { "content-type": "application/x-www-form-urlencoded" },
      });
    expect((await press()).status).toBe(200);
    expect((await press()).status).toBe(200);
    expect((await s.ask("POST", "/unsubscribe/nonsense", undefined, { token: null })).status).toBe(404);

    await add("stays@example.com");
    await publish(incident, { channels: ["email"], status: "monitoring" });
    await eventually(() => expect(mailsTo("stays@example.com")).toHaveLength(1));
    expect(mailsTo("reader@example.com")).toHaveLength(1);
    const { text } = await s.ask("GET", "/api/v1/subscribers");
    expect(text).toContain("stays@example.com");
    expect(text).not.toContain("reader@example.com");
  });

  test("who is not confirmed is asked first and hears nothing else", async () => {
    expect(await add("new@example.com", { confirmed: false })).toMatchObject({
      status: 201,
      body: { confirmed: false },
    });
    await eventually(() => expect(mailsTo("new@example.com")).toHaveLength(1));
    await add("witness@example.com");
    await publish(await declare(), { channels: ["email"] });
    await eventually(() => expect(mailsTo("witness@example.com")).toHaveLength(1));
    expect(mailsTo("new@example.com")).toHaveLength(1);
    expect((await add("not an address")).status).toBe(400);
  });
});
