import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { COMPONENTS_MAX, componentStatuses } from "#/server/audience/shared/lists.ts";
import { UPDATE_BODY_LENGTH_MAX } from "#/server/updates/shared/lists.ts";
import { buildDocuments } from "./documents.ts";
import { readLogo } from "./logo.ts";
import { BAR_HEIGHTS } from "./pages/bars.ts";
import { statusPage } from "./pages/status.ts";
import { storyModel, testComponent, testIncident, testModel } from "./test-model.ts";

const textOf = async (model: Parameters<typeof buildDocuments>[0], path: string) =>
  (await buildDocuments(model)).get(path)?.toString() ?? "";
/** A picture of one pixel. */
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** What a phone far out has patience for. */
const PAGE_BYTES_MAX = 20 * 1024;
/** English as people write it: what it packs to is what pages pack to. */
const WORDS = "we are looking into why some payments in Europe fail and will say more at the next full hour as".split(
  " ",
);
function prose(length: number, seed: number): string {
  let text = "";
  for (let n = seed; text.length < length; n += 1) text += `${WORDS[(n * n + seed) % WORDS.length]} `;
  return text.slice(0, length);
}

describe("Statuspage's shapes, byte for byte", () => {
  it("summary.json", async () => {
    const checkout = testComponent("Checkout", "partial_outage");
    const incident = testIncident("Card payments failing", checkout, [
      { status: "investigating", body: "We are looking into it.", hours: 1, state: "partial_outage" },
    ]);
    const component =
      '{"id":"ccheckout000","name":"Checkout","status":"partial_outage","created_at":"2026-07-24T10:24:00.000Z","updated_at":"2026-07-24T10:24:00.000Z","position":1,"description":null,"showcase":true,"start_date":"2026-07-24","group_id":null,"page_id":"testpage0000","group":false,"only_show_if_degraded":false}';
    const page =
      '{"id":"testpage0000","name":"Acme status","url":"https://status.acme.example/status","time_zone":"Etc/UTC","updated_at":"2026-11-21T09:24:00.000Z"}';
    const update =
      '{"id":"u0icardpayme","status":"investigating","body":"We are looking into it.","incident_id":"icardpayment","created_at":"2026-11-21T09:24:00.000Z","updated_at":"2026-11-21T09:24:00.000Z","display_at":"2026-11-21T09:24:00.000Z","affected_components":[{"code":"ccheckout000","name":"Checkout","old_status":"operational","new_status":"partial_outage"}],"deliver_notifications":true,"custom_tweet":null,"tweet_id":null}';
    const told = `{"id":"icardpayment","name":"Card payments failing","status":"investigating","created_at":"2026-11-21T09:24:00.000Z","updated_at":"2026-11-21T09:24:00.000Z","monitoring_at":null,"resolved_at":null,"impact":"major","shortlink":"https://status.acme.example/status/incidents/icardpayment","started_at":"2026-11-21T09:24:00.000Z","page_id":"testpage0000","reminder_intervals":null,"incident_updates":[${update}],"components":[${component}]}`;
    const status = '{"indicator":"major","description":"Partial System Outage"}';
    const documents = await buildDocuments(testModel({ components: [checkout], incidents: [incident] }));
    const read = (name: string) => documents.get(`/api/v2/${name}.json`)?.toString();
    expect(read("summary")).toBe(
      `{"page":${page},"components":[${component}],"incidents":[${told}],"scheduled_maintenances":[],"status":${status}}`,
    );
    expect(read("status")).toBe(`{"page":${page},"status":${status}}`);
    expect(read("components")).toBe(`{"page":${page},"components":[${component}]}`);
    expect(read("incidents")).toBe(`{"page":${page},"incidents":[${told}]}`);
    expect(read("incidents/unresolved")).toBe(read("incidents"));
    expect(read("scheduled-maintenances")).toBe(`{"page":${page},"scheduled_maintenances":[]}`);
  });

  it("stay the same until something changes, so that clients hear of nothing new", async () => {
    const model = storyModel();
    const later = { ...model, builtAt: new Date(model.builtAt.getTime() + 3_600_000) };
    for (const name of ["summary", "status", "components", "incidents"]) {
      expect(await textOf(later, `/api/v2/${name}.json`)).toBe(await textOf(model, `/api/v2/${name}.json`));
    }
    expect(await textOf(later, "/status")).not.toBe(await textOf(model, "/status"));
  });
});

describe("the front page", () => {
  it("is light: a team's page as it is, and the largest there can be as it is sent", async () => {
    expect(Buffer.byteLength(await textOf(storyModel(), "/status"))).toBeLessThanOrEqual(PAGE_BYTES_MAX);
    const components = Array.from({ length: COMPONENTS_MAX }, (_, n) => testComponent(`Part ${n}`, "operational", n));
    const incidents = Array.from({ length: 60 }, (_, n) => {
      const states = Array.from({ length: 12 }, (_, index) => ({
        status: index === 11 && n > 8 ? ("resolved" as const) : ("identified" as const),
        body: prose(UPDATE_BODY_LENGTH_MAX, n * 12 + index),
        hours: n * 6 + 6 - index / 2,
        state: index === 11 && n > 8 ? ("operational" as const) : ("partial_outage" as const),
      }));
      return testIncident(`Incident ${n} ${prose(130, n)}`, components[n] ?? testComponent("x"), states);
    });
    const largest = await statusPage(testModel({ components, incidents }));
    expect(gzipSync(largest).length).toBeLessThanOrEqual(PAGE_BYTES_MAX);
  });

  it("tells states apart by the height of their bars as well as by colour", () => {
    const heights = Object.values(BAR_HEIGHTS);
    expect(new Set(heights).size).toBe(componentStatuses.length + 1);
    const byState = componentStatuses.map((status) => BAR_HEIGHTS[status]);
    expect(byState).toEqual([...byState].sort((a, b) => b - a));
  });

  it("says of each bad day what and how long, and of each component how much of the time it was up", async () => {
    const page = await textOf(storyModel(), "/status");
    expect(page).toContain("<title>19 Nov 2026: major outage, 48 min</title>");
    expect(page).toContain("99.95 % uptime in 90 days");
    expect(page).toMatch(/aria-label="The last 90 days: 99\.95 % uptime, 2 days with problems"/);
    expect(page).toContain('As of <time datetime="2026-11-21T10:24:00.000Z">21 Nov 2026, 10:24 UTC</time>');
    expect(page).not.toMatch(/<script|<style| style=| on\w+=|https?:\/\/(?!status\.acme\.example)/);
  });

  it("holds quiet days together, and shortens what is long", async () => {
    const checkout = testComponent("Checkout");
    const said = Array.from({ length: 7 }, (_, n) => ({
      status: "identified" as const,
      body: `${n} ${prose(500, n)}`,
      hours: 7 - n,
    }));
    const page = await textOf(
      testModel({ components: [checkout], incidents: [testIncident("Long", checkout, said)] }),
      "/status",
    );
    expect(page).toContain("8 Nov 2026</time> to <time");
    expect(page).toContain(">All 7 updates</a>");
    expect(page).toContain(prose(500, 6).trim());
    expect(page).not.toContain(prose(500, 5).trim());
  });
});

it("every address of a page that is read by its link carries the key along", async () => {
  const documents = await buildDocuments({ ...storyModel(), page: { ...storyModel().page, suffix: "?key=secret" } });
  for (const [path, body] of documents) {
    const addresses = [...body.toString().matchAll(/(?:href|src|action)="([^"#]+)"/g)].map(([, address]) => address);
    for (const address of addresses) expect(address, path).toMatch(/\?key=secret$/);
  }
  expect(documents.get("/api/v2/summary.json")?.toString()).toContain("/status/incidents/icardpayment?key=secret");
  expect(documents.get("/status/feed.atom")?.toString()).toContain("/status/incidents/icardpayment?key=secret");
});

describe("logo and colour", () => {
  it("a logo is what its bytes say, and only an image that can hold no script", () => {
    expect(readLogo(PNG)).toMatchObject({ type: "image/png", width: 1, height: 1 });
    for (const [bytes, why] of [
      ['<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "PNG, JPEG, GIF or WebP"],
      ["<!doctype html><script>alert(1)</script>", "PNG, JPEG, GIF or WebP"],
      [PNG.subarray(0, 12), "damaged"],
      [Buffer.concat([PNG, Buffer.alloc(64 * 1024)]), "64 KiB"],
    ] as const) {
      expect(() => readLogo(Buffer.from(bytes))).toThrow(why);
    }
    const wide = Buffer.from(PNG);
    wide.writeUInt32BE(2_001, 16);
    expect(() => readLogo(wide)).toThrow("2000 pixels");
    expect(readLogo(Buffer.concat([PNG, Buffer.alloc(64 * 1024 - PNG.length)])).type).toBe("image/png");
  });

  it("stand on every page; another picture has another address", async () => {
    const logo = readLogo(PNG);
    const documents = await buildDocuments(
      testModel({ page: { logo, color: "#ffe600" }, components: [], incidents: [] }),
    );
    const page = documents.get("/status")?.toString() ?? "";
    const [, src] = /<img class="logo" src="([^"]+)" alt="Acme status"/.exec(page) ?? [];
    expect(src).toMatch(/^\/status\/logo\.[0-9a-f]{12}\.png$/);
    expect(documents.get(src ?? "")).toEqual(PNG);
    const style = [...documents].find(([path]) => path.endsWith(".css"))?.[1].toString() ?? "";
    expect(style).toMatch(
      /:root\{--accent:#[0-9a-f]{6};--accent-ink:#ffffff\}@media\(prefers-color-scheme:dark\)\{:root\{--accent:#ffe600/,
    );
    expect(page).toContain("style.");
  });
});
