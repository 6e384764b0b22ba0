import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { apiTokens } from "#/db/schema/index.ts";
import { createComponent } from "#/server/audience/index.ts";
import { statusPageRoutes } from "#/server/http/routes/status-page.ts";
import { createIncident } from "#/server/incidents/index.ts";
import type { MaintenanceView } from "#/server/maintenance/contract.ts";
import { readMaintenance, scheduleMaintenance } from "#/server/maintenance/index.ts";
import { sha256 } from "#/server/platform/crypto.ts";
import { changeSettings, readSettings } from "#/server/settings/index.ts";
import { publishUpdate } from "#/server/updates/index.ts";
import { type TestOutbox, testOutbox } from "#/server/updates/test-outbox.ts";
import { readPageModel } from "./read-model.ts";
import { createStatusPage, type StatusPage } from "./status-page.ts";
import { webhookPayload } from "./webhooks.ts";

const CANARY = "zz-canary-private";
const TOKEN = "mst_reader_0123456789abcdef0123456789abcdef";
let test: TestOutbox;
let page: StatusPage;
let dataDir: string;
let admin: Awaited<ReturnType<TestOutbox["person"]>>;
let paths: string[];
let maintenance: MaintenanceView;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "muster-private-"));
  test = await testOutbox({ dataDir, publicUrl: "https://muster.example" });
  admin = await test.person("Root", "admin");
  const ctx = test.ctx(admin);
  const component = await createComponent(ctx, { name: CANARY });
  const incident = await createIncident(ctx, { title: "x", severity: "SEV2" });
  await changeSettings(ctx, { statusPage: { name: `${CANARY} status` } });
  await publishUpdate(ctx, incident.id, {
    status: "investigating",
    body: CANARY,
    channels: ["status_page", "email"],
    title: CANARY,
    components: [{ id: component.id, status: "major_outage" }],
  });
  const [from, until] = [1, 2].map((hours) => new Date(test.clock.at.getTime() + hours * 3_600_000).toISOString());
  maintenance = await scheduleMaintenance(ctx, { title: CANARY, body: CANARY, from: from ?? "", until: until ?? "" });
  page = createStatusPage(test.core);
  await page.start();
  paths = await filesBelow();
});
afterAll(async () => {
  page.stop();
  await test.close();
  await rm(dataDir, { recursive: true, force: true });
});

/** The addresses of everything that lies on disk for anybody's server of files. */
async function filesBelow(): Promise<string[]> {
  const root = join(dataDir, "status");
  const found = await readdir(root, { recursive: true, withFileTypes: true });
  const files = found.filter((one) => one.isFile());
  for (const file of files) {
    const bytes = await readFile(join(file.parentPath, file.name), "utf8");
    if (bytes.includes(CANARY)) return files.map((one) => join(one.parentPath, one.name).slice(root.length));
  }
  return [];
}
const answer = async (address: string, headers: Record<string, string> = {}) => page.respond(address, headers);
/** Everything that a page has, by its address; the style is nobody's secret. */
const addresses = () => {
  const all = paths.map((path) => path.replace(/^\/(versions\/\d+|current)/, "").replace(/\/index\.html$/, ""));
  return [...new Set(all)].filter((path) => path && !path.endsWith(".css") && !path.endsWith("not-found.html"));
};

it("of a page that is read by its link nothing is public: no page, feed, JSON nor file", async () => {
  expect(addresses()).toContain("/api/v2/summary.json");
  const view = await changeSettings(test.ctx(admin), { statusPage: { access: "link" } });
  expect(view.statusPage.link).toMatch(/^https:\/\/muster\.example\/status\?key=[\w-]{32}$/);
  await page.rebuild();
  const key = new URL(view.statusPage.link ?? "").searchParams.get("key");

  expect(await filesBelow()).toEqual([]);
  for (const address of addresses()) {
    for (const asked of [address, `${address}?key=`, `${address}?key=wrong`, `${address}?key=${key}x`]) {
      const refused = await answer(asked);
      expect(refused?.status, asked).toBe(401);
      expect(refused?.body.toString(), asked).not.toContain(CANARY);
      // A proxy that keeps it would show it to who may read.
      expect(refused?.headers["cache-control"], asked).toBe("no-store");
    }
    const told = await answer(`${address}?key=${key}`);
    expect(told?.status, address).toBe(200);
    expect(told?.headers["cache-control"]).toBe("private, no-cache");
  }
  expect((await answer(`/status?key=${key}`))?.body.toString()).toContain(`/status/history?key=${key}`);
  expect((await answer("/status"))?.body.toString()).toContain("This status page is private");
  expect((await answer("/status"))?.headers["content-security-policy"]).toContain("default-src 'none'");
  const known = (await answer(`/status?key=${key}`))?.headers.etag ?? "";
  expect((await answer("/status", { "if-none-match": known }))?.status).toBe(401);
  expect(await answer("/api/v2/alerts")).toBeUndefined();

  // A new link ends the old one, also for who has the page open.
  const renewed = await changeSettings(test.ctx(admin), { statusPage: { newLink: true } });
  await page.rebuild();
  expect(renewed.statusPage.link).not.toBe(view.statusPage.link);
  expect((await answer(`/status?key=${key}`))?.status).toBe(401);
  const settings = await readSettings(test.core.db.read, test.core);
  expect((await answer(`/status?key=${settings.statusPage.linkKey}`))?.status).toBe(200);
  await expect(
    changeSettings(test.ctx(admin), { statusPage: { access: "public", newLink: true } }),
  ).rejects.toMatchObject({ code: "invalid" });
});

it("every address of it that goes out brings its key", async () => {
  const { linkKey } = (await readSettings(test.core.db.read, test.core)).statusPage;
  // What a feed calls its entries is no address, and stays when the key changes.
  const names = /<(id|guid)\b[^>]*>[^<]*</g;
  const bare = (text: string) =>
    [...text.replace(names, "").matchAll(/https:\/\/muster\.example\/(status|subscribe)[^\s"'<]*/g)]
      .map(([found]) => found)
      .filter((found) => !found.includes(`?key=${linkKey}`));
  expect(addresses().length).toBeGreaterThan(10);
  for (const address of addresses()) {
    const told = await answer(`${address}?key=${linkKey}`);
    expect(bare(told?.body.toString() ?? ""), address).toEqual([]);
  }
  const model = await readPageModel(test.core);
  const payload = webhookPayload(model, model.incidents[0]?.id ?? "", test.clock.at);
  expect(payload?.meta.documentation).toBe(`https://muster.example/subscribe?key=${linkKey}`);
  const view = await readMaintenance(test.core.db.read, test.ctx(admin), maintenance.id);
  expect(view.url).toBe(`https://muster.example/status/maintenance/${view.publicId}?key=${linkKey}`);
});

it("while it is closed others get the notice or the page as it was, never a page of before as an answer that refuses", async () => {
  await changeSettings(test.ctx(admin), { statusPage: { access: "public" } });
  await page.rebuild();
  await changeSettings(test.ctx(admin), { statusPage: { access: "link" } });
  let isDone = false;
  const closing = page.rebuild().then(() => {
    isDone = true;
  });
  while (!isDone) {
    const seen = await answer("/status");
    if (seen?.status === 401) expect(seen.body.toString()).toContain("This status page is private");
    await new Promise((resolve) => setImmediate(resolve));
  }
  await closing;
  expect((await answer("/status"))?.status).toBe(401);
});

it("its forms ask for the key, and its mails bring it", async () => {
  const routes = statusPageRoutes(page);
  const { linkKey } = (await readSettings(test.core.db.read, test.core)).statusPage;
  const refused = await routes.request("/subscribe");
  expect(refused.status).toBe(401);
  expect(await refused.text()).not.toContain(`name="email"`);
  const asked = { method: "POST", body: new URLSearchParams({ email: "a@example.com" }) };
  expect((await routes.request("/subscribe", asked)).status).toBe(401);
  expect(await (await routes.request(`/subscribe?key=${linkKey}`)).text()).toContain(CANARY);
  expect((await routes.request(`/subscribe?key=${linkKey}`, asked)).status).toBe(200);
  // An old link of a mail leads nowhere near the page.
  const unknown = await routes.request("/unsubscribe/AAAA");
  expect(await unknown.text()).not.toContain(linkKey ?? "-");
});

it("a page for those who are signed in asks each time who it is", async () => {
  await changeSettings(test.ctx(admin), { statusPage: { access: "sign_in" } });
  await page.rebuild();
  const reader = await test.person("Reader", "viewer");
  const token = { userId: reader.userId, name: "t", hash: sha256(TOKEN), prefix: "mst_" };
  await test.core.db.read.insert(apiTokens).values(token);
  const headers = { authorization: `Bearer ${TOKEN}` };
  expect(await filesBelow()).toEqual([]);
  for (const address of addresses()) {
    expect((await answer(address))?.status, address).toBe(401);
    expect((await answer(address, { authorization: "Bearer wrong" }))?.status, address).toBe(401);
    expect((await answer(address, headers))?.status, address).toBe(200);
  }
  expect((await answer("/status"))?.body.toString()).toContain("https://muster.example/sign-in?callbackUrl=/status");
  expect((await answer("/status", headers))?.body.toString()).toContain(CANARY);
  await test.core.db.read.update(apiTokens).set({ revokedAt: test.clock.at });
  expect((await answer("/status", headers))?.status).toBe(401);
});

it("a server that starts shows nobody what was on disk while it was public", async () => {
  const later = createStatusPage({
    ...test.core,
    db: { ...test.core.db, transaction: async () => Promise.reject(new Error("away")) },
  } as typeof test.core);
  await later.start();
  later.stop();
  expect((await later.respond("/status", {}))?.body.toString()).toContain("This status page is private");
  expect((await later.respond("/status", {}))?.body.toString()).not.toContain(CANARY);
});

it("can be made public again", async () => {
  const view = await changeSettings(test.ctx(admin), { statusPage: { access: "public" } });
  expect(view.statusPage.link).toBeNull();
  await page.rebuild();
  expect((await answer("/status"))?.body.toString()).toContain(CANARY);
  expect((await filesBelow()).length).toBeGreaterThan(10);
});
