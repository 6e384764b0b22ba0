import { mkdtemp, readdir, readFile, readlink, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { incidents, subscribers, timelineEntries } from "#/db/schema/index.ts";
import {
  addSubscriber,
  createComponent,
  findSuppression,
  removeComponent,
  suppressAddress,
} from "#/server/audience/index.ts";
import { statusPageRoutes } from "#/server/http/routes/status-page.ts";
import { createIncident } from "#/server/incidents/index.ts";
import { correctUpdate, publishUpdate } from "#/server/updates/index.ts";
import { type TestOutbox, testOutbox } from "#/server/updates/test-outbox.ts";
import { NOT_FOUND_PATH, type PageAnswer } from "./answers.ts";
import { asStored } from "./pages/layout.ts";
import { sendConfirmation } from "./send-confirmation.ts";
import { createStatusPage, type StatusPage } from "./status-page.ts";

let test: TestOutbox;
let page: StatusPage;
let dataDir: string;
let admin: Awaited<ReturnType<TestOutbox["person"]>>;
let current: { id: string; reference: string };
let publicId: string;
const canaries = ["zz-canary-title", "zz-canary-note", "zz-canary-summary", "zz-canary-secret", "zz-canary-internal"];

/** The answer of a page that is for everybody: at once. */
const get = (path: string, headers: Record<string, string> = {}, from = page): PageAnswer | undefined => {
  const answer = from.respond(path, headers);
  if (answer instanceof Promise) throw new Error("the page is private");
  return answer;
};
const json = (path: string) => JSON.parse(get(`/api/v2/${path}`)?.body.toString() ?? "null");
const text = (path: string) => get(path)?.body.toString() ?? "";

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "muster-status-"));
  test = await testOutbox({ dataDir, publicUrl: "https://muster.example" });
  admin = await test.person("Root", "admin");
  page = createStatusPage(test.core);
  await page.start();
});
afterAll(async () => {
  await test.close();
  await rm(dataDir, { recursive: true, force: true });
});

describe("before anything was published", () => {
  it("says that all is well, on every path", () => {
    expect(text("/status")).toContain("All Systems Operational");
    expect(json("status.json").status).toEqual({ indicator: "none", description: "All Systems Operational" });
    expect(json("summary.json")).toMatchObject({ components: [], incidents: [], scheduled_maintenances: [] });
    for (const path of ["scheduled-maintenances", "scheduled-maintenances/upcoming", "scheduled-maintenances/active"]) {
      expect(json(`${path}.json`).scheduled_maintenances).toEqual([]);
    }
    expect(text("/status/history")).toContain("No incidents reported.");
    expect(text("/status/feed.atom")).toContain("<feed");
    expect(text("/status/feed.rss")).toContain("<rss");
  });

  it("leaves other paths to others", () => {
    for (const path of ["/", "/api/v2/alerts", "/api/v2/status", "/statusx", "/api/v1/incidents", "/incidents"]) {
      expect(get(path)).toBeUndefined();
    }
    expect(get("/status/nowhere")?.status).toBe(404);
    expect(get("/status/../../../etc/passwd")?.status).toBe(404);
    expect(get(NOT_FOUND_PATH)?.status).toBe(404);
  });
});

describe("with incidents", () => {
  beforeAll(async () => {
    const ctx = test.ctx(admin);
    const checkout = await createComponent(ctx, { name: "Checkout <b>", description: "Pay & go" });
    await createComponent(ctx, { name: "Search" });
    const gone = await createComponent(ctx, { name: "Old thing" });
    await addSubscriber(ctx, { email: "zz-canary-secret@example.com", confirmed: true });
    current = await createIncident(ctx, { title: "zz-canary-title", severity: "SEV2", summary: "zz-canary-summary" });
    await createIncident(ctx, { title: "zz-canary-secret", visibility: "private" });
    await createIncident(ctx, { title: "zz-canary-title never published" });
    await test.core.db.read.update(timelineEntries).set({ data: { text: "zz-canary-note" } });
    await test.core.db.read.update(incidents).set({ impactText: "zz-canary-note", hypothesis: "zz-canary-note" });
    const first = await publishUpdate(ctx, current.id, {
      status: "investigating",
      body: "Some card payments fail.\n<script>alert(1)</script>",
      channels: ["status_page", "email"],
      title: "Card payments <i>failing</i>",
      components: [
        { id: checkout.id, status: "partial_outage" },
        { id: gone.id, status: "degraded_performance" },
      ],
    });
    await publishUpdate(ctx, current.id, {
      status: "identified",
      body: "zz-canary-internal",
      channels: ["slack"],
      audience: "internal",
      title: "zz-canary-internal",
    });
    await publishUpdate(ctx, current.id, {
      status: "identified",
      body: "zz-canary-internal by mail",
      channels: ["email"],
    });
    test.wait(6 * 60_000);
    await publishUpdate(ctx, current.id, { status: "identified", body: "Rolling back.", channels: ["status_page"] });
    await correctUpdate(ctx, current.id, first.id, {
      body: "Some card payments fail in Europe.\n<script>alert(1)</script>",
    });
    await removeComponent(ctx, gone.id);
    await page.rebuild();
    publicId = json("summary.json").incidents[0].id;
  });

  it("tells them in Statuspage's shapes, newest update first", () => {
    const summary = json("summary.json");
    expect(summary.status).toEqual({ indicator: "major", description: "Partial System Outage" });
    expect(summary.page).toMatchObject({
      name: "Muster status",
      url: "https://muster.example/status",
      time_zone: "Etc/UTC",
    });
    expect(summary.components.map((one: { name: string; status: string }) => [one.name, one.status])).toEqual([
      ["Checkout <b>", "partial_outage"],
      ["Search", "operational"],
    ]);
    expect(Object.keys(summary.components[0]).sort()).toEqual(
      ["id", "name", "status", "created_at", "updated_at", "position", "description", "showcase", "start_date"]
        .concat(["group_id", "page_id", "group", "only_show_if_degraded"])
        .sort(),
    );
    const [incident] = summary.incidents;
    expect(incident).toMatchObject({
      id: expect.stringMatching(/^[0-9a-z]{12}$/),
      name: "Card payments <i>failing</i>",
      status: "identified",
      impact: "major",
      monitoring_at: null,
      resolved_at: null,
      reminder_intervals: null,
      page_id: summary.page.id,
      shortlink: `https://muster.example/status/incidents/${publicId}`,
      components: [{ name: "Checkout <b>" }],
    });
    expect(incident.incident_updates.map((one: { body: string }) => one.body.split("\n")[0])).toEqual([
      "Rolling back.",
      "Some card payments fail in Europe.",
    ]);
    expect(incident.incident_updates[1]).toMatchObject({
      incident_id: incident.id,
      deliver_notifications: true,
      custom_tweet: null,
      tweet_id: null,
      affected_components: [
        {
          code: summary.components[0].id,
          name: "Checkout <b>",
          old_status: "operational",
          new_status: "partial_outage",
        },
      ],
    });
    expect(incident.incident_updates[0].affected_components).toBeNull();
    for (const [, value] of Object.entries(incident).filter(([key]) => key.endsWith("_at") && incident[key])) {
      expect(value).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    }
    expect(json("incidents/unresolved.json").incidents).toEqual(summary.incidents);
    expect(json("incidents.json").incidents).toHaveLength(1);
  });

  it("shows them to people, with every word escaped and the correction marked", () => {
    const html = text("/status");
    expect(html).toContain("Partial System Outage");
    expect(html).toContain("As of");
    expect(html).toContain("Card payments &lt;i&gt;failing&lt;/i&gt;");
    expect(html).toContain("Partial outage");
    expect(html).toContain("corrected");
    expect(html).toContain('action="/subscribe"');
    expect(html).not.toMatch(/<script|<i>failing|onerror=|javascript:/);
    expect(text(`/status/incidents/${publicId}`)).toContain("Rolling back.");
    expect(text("/status/history")).toContain("November 2026");
    expect(text("/status/feed.atom")).toContain("Rolling back.");
    expect(text("/status/feed.rss")).toContain("(corrected ");
  });

  it("lets no word out that was not published, in any file or answer", async () => {
    const root = join(dataDir, "status", "current");
    const names = (await readdir(root, { recursive: true, withFileTypes: true })).filter((one) => one.isFile());
    expect(names.length).toBeGreaterThan(12);
    for (const name of names) {
      const bytes = await readFile(join(name.parentPath, name.name), "utf8");
      for (const canary of [...canaries, current.id, current.reference, "INC-", "PRV-"]) {
        expect(bytes.includes(canary), `${name.name} contains ${canary}`).toBe(false);
      }
    }
  });

  it("answers packed, unpacked and with nothing new, without cookies and with a strict policy", () => {
    const plain = get("/status");
    const packed = get("/status?utm=1", { "accept-encoding": "br, gzip;q=0.8" });
    expect(packed?.headers["content-encoding"]).toBe("gzip");
    expect(gunzipSync(packed?.body ?? Buffer.alloc(0)).equals(plain?.body ?? Buffer.alloc(0))).toBe(true);
    expect(plain?.headers["content-encoding"]).toBeUndefined();
    expect(get("/status", { "accept-encoding": "gzip;q=0" })?.headers["content-encoding"]).toBeUndefined();
    for (const answer of [plain, packed]) {
      const known = get("/status", { "if-none-match": `W/"x", ${answer?.headers.etag}` });
      expect(known?.status).toBe(304);
      expect(known?.body.length).toBe(0);
    }
    expect(plain?.headers["content-security-policy"]).toContain("default-src 'none'");
    expect(plain?.headers["content-security-policy"]).not.toContain("script");
    expect(plain?.headers["cache-control"]).toContain("stale-if-error");
    expect(plain?.headers["set-cookie"]).toBeUndefined();
    expect(get("/api/v2/summary.json")?.headers["access-control-allow-origin"]).toBe("*");
    expect(get("/status/")?.status).toBe(200);
  });

  it("lies as files that mirror the paths, and is shown from them when the database is away", async () => {
    const root = join(dataDir, "status");
    const one = await readlink(join(root, "current"));
    await page.rebuild();
    expect(await readlink(join(root, "current"))).not.toBe(one);
    for (let n = 0; n < 4; n += 1) await page.rebuild();
    expect(await readdir(join(root, "versions"))).toHaveLength(3);
    const stored = await readFile(join(root, "current", "status", "index.html"), "utf8");
    expect(stored).toBe(asStored(Buffer.from(text("/status"))).toString());
    expect(stored).toContain('<p class="stored"><b>Stored copy.</b>');
    expect(text("/status")).toContain('<p class="stored" hidden>');
    expect(JSON.parse(await readFile(join(root, "current", "api", "v2", "summary.json"), "utf8"))).toEqual(
      json("summary.json"),
    );
    const broken = {
      ...test.core,
      db: { ...test.core.db, transaction: async () => Promise.reject(new Error("away")) },
    };
    const later = createStatusPage(broken as typeof test.core);
    await later.start();
    expect(get("/status", {}, later)?.body.toString()).toBe(stored);
    expect(get(`/status/incidents/${publicId}`, {}, later)?.status).toBe(200);
    await expect(later.rebuild()).rejects.toThrow("away");
  });

  it("a delivery to the page is sent once readers see it", async () => {
    await publishUpdate(test.ctx(admin), current.id, {
      status: "resolved",
      body: "All is well again.",
      channels: ["status_page"],
    });
    expect(text("/status")).not.toContain("All is well again.");
    await test.runJobs(page);
    expect(text("/status")).toContain("All is well again.");
    expect(text("/status")).toContain("All Systems Operational");
    expect(json("status.json").status.indicator).toBe("none");
    expect(json("components.json").components[0].status).toBe("operational");
    const rows = await test.rows();
    expect(rows.filter((row) => row.channel === "status_page").every((row) => row.state === "sent")).toBe(true);
  });
});

it("a thousand viewers ask the database nothing, and each of their documents is of one version", async () => {
  let asked = 0;
  const { db } = test.core;
  const counting: typeof db = {
    ...db,
    transaction: (work) => {
      asked += 1;
      return db.transaction(work);
    },
  };
  Object.defineProperty(counting, "read", {
    get: () => {
      asked += 1;
      return db.read;
    },
  });
  const seen = createStatusPage({ ...test.core, db: counting });
  await seen.rebuild();
  const ofOneBuild = asked;
  const incident = await createIncident(test.ctx(admin), { title: "Viewed" });
  const versionsIn = (path: string) =>
    get(path, {}, seen)
      ?.body.toString()
      .match(/Version \d+/g) ?? [];
  for (let version = 1; version <= 3; version += 1) {
    await publishUpdate(test.ctx(admin), incident.id, {
      status: "investigating",
      title: `Version ${version}`,
      body: `Version ${version} is being looked into.`,
      channels: ["status_page"],
    });
    asked = 0;
    const building = seen.rebuild();
    const versions = new Set<string>();
    for (let viewer = 0; viewer < 1_000; viewer += 1) {
      if (viewer % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
      const [title, body] = versionsIn(viewer % 2 ? "/status" : "/api/v2/incidents/unresolved.json");
      expect(body).toBe(title);
      versions.add(String(title));
    }
    await building;
    expect(asked).toBe(ofOneBuild);
    expect(versions.size).toBeLessThanOrEqual(2);
    expect(versionsIn("/status")[0]).toBe(`Version ${version}`);
  }
  await publishUpdate(test.ctx(admin), incident.id, { status: "resolved", body: "Over.", channels: ["status_page"] });
  await page.rebuild();
});

describe("the forms of subscribers", () => {
  const form = (fields: Record<string, string>) => ({ method: "POST", body: new URLSearchParams(fields) });
  const linkIn = (source: string, path: string) =>
    new RegExp(`https://muster.example(${path}/[\\w-]+)`).exec(source.replace(/=\r?\n/g, ""))?.[1] ?? "";

  it("ask by mail, confirm by a press, and end by one press without a login", async () => {
    const app = statusPageRoutes(page);
    expect(await (await app.request("/subscribe")).text()).toContain('name="email"');
    const asked = await app.request("/subscribe", form({ email: "reader@example.com" }));
    expect(asked.status).toBe(200);
    expect(asked.headers.get("cache-control")).toBe("no-store");
    expect(asked.headers.get("set-cookie")).toBeNull();
    const job = test.jobs.find((one) => one.name === "subscribers.confirm");
    await sendConfirmation(test.core, String(job?.data.subscriberId));
    const mail = test.mail.mails.find((one) => one.to === "reader@example.com");
    const confirm = linkIn(mail?.source ?? "", "/subscribe/confirm");
    expect(await (await app.request(confirm)).text()).toContain("Confirm");
    const find = async () =>
      (await test.core.db.read.select().from(subscribers).where(eq(subscribers.email, "reader@example.com")))[0];
    expect((await find())?.confirmedAt).toBeNull();
    expect((await app.request(confirm, { method: "POST" })).status).toBe(200);
    expect((await find())?.confirmedAt).not.toBeNull();

    const incident = await createIncident(test.ctx(admin), { title: "Another" });
    await publishUpdate(test.ctx(admin), incident.id, { status: "monitoring", body: "Watching.", channels: ["email"] });
    await test.runJobs(page);
    const update = test.mail.mails.filter((one) => one.to === "reader@example.com").at(-1);
    const leave = linkIn(update?.source ?? "", "/unsubscribe");
    expect(await (await app.request(leave)).text()).toContain("Unsubscribe");
    expect((await find())?.unsubscribedAt).toBeNull();
    const done = await app.request(leave, form({ "List-Unsubscribe": "One-Click" }));
    expect(done.status).toBe(200);
    expect((await find())?.unsubscribedAt).not.toBeNull();
    expect((await app.request(leave, { method: "POST" })).status).toBe(200);
  });

  it("bring a reader back whose mail came back once, and nobody who was taken off by hand", async () => {
    const app = statusPageRoutes(page);
    const email = "back@example.com";
    const component = await createComponent(test.ctx(admin), { name: `Only ${email}` });
    await addSubscriber(test.ctx(admin), { email, confirmed: true, components: [component.id] });
    test.wait(86_400_000);
    const suppress = (cause: "bounce" | "manual") =>
      test.core.db.transaction((tx) => suppressAddress(tx, test.ctx(admin), { email, cause, reason: "No such user." }));
    const questions = () => test.mail.mails.filter((one) => one.to === email);
    const subscribe = async () => {
      test.jobs.length = 0;
      await app.request("/subscribe", form({ email: "Back@example.com" }));
      for (const job of test.jobs) await sendConfirmation(test.core, String(job.data.subscriberId));
    };
    await suppress("bounce");
    await subscribe();
    await subscribe();
    expect(questions()).toHaveLength(1);
    const confirm = linkIn(questions()[0]?.source ?? "", "/subscribe/confirm");
    expect(await findSuppression(test.core.db.read, email)).toBeDefined();
    expect((await app.request(confirm, { method: "POST" })).status).toBe(200);
    expect(await findSuppression(test.core.db.read, email)).toBeUndefined();
    const [row] = await test.core.db.read.select().from(subscribers).where(eq(subscribers.email, email));
    expect(row).toMatchObject({ components: [component.id], confirmedAt: expect.any(Date) });
    test.wait(600_000);
    await subscribe();
    expect(questions()).toHaveLength(1);
    await suppress("manual");
    await subscribe();
    expect(questions()).toHaveLength(1);
    await app.request(confirm, { method: "POST" });
    expect(await findSuppression(test.core.db.read, email)).toBeDefined();
  });

  it("answer a known and an unknown address alike, and a wrong one with why", async () => {
    const app = statusPageRoutes(page);
    const known = await app.request("/subscribe", form({ email: "zz-canary-secret@example.com" }));
    const unknown = await app.request("/subscribe", form({ email: "somebody@example.com" }));
    expect(await known.text()).toBe(await unknown.text());
    expect((await app.request("/subscribe", form({ email: "nobody" }))).status).toBe(400);
    expect((await app.request("/subscribe", { method: "POST", body: "{}" })).status).toBe(400);
    for (const path of ["/subscribe/confirm/AAAA", "/unsubscribe/AAAA"]) {
      expect((await app.request(path)).status).toBe(404);
      expect((await app.request(path, { method: "POST" })).status).toBe(404);
    }
  });

  it("are served beside the page itself", async () => {
    const app = statusPageRoutes(page);
    const answer = await app.request("/status", { headers: { "accept-encoding": "identity" } });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe(text("/status"));
    const again = await app.request("/status", { headers: { "if-none-match": answer.headers.get("etag") ?? "" } });
    expect(again.status).toBe(304);
    expect((await app.request("/api/v2/summary.json", { method: "OPTIONS" })).status).toBe(204);
  });
});
