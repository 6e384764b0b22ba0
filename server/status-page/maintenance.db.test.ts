import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { changeComponent, createComponent } from "#/server/audience/index.ts";
import { createIncident } from "#/server/incidents/index.ts";
import {
  cancelMaintenance,
  correctMaintenanceUpdate,
  postMaintenanceUpdate,
  scheduleMaintenance,
} from "#/server/maintenance/index.ts";
import { publishUpdate } from "#/server/updates/index.ts";
import { type TestOutbox, testOutbox } from "#/server/updates/test-outbox.ts";
import { createStatusPage, type StatusPage } from "./status-page.ts";

let test: TestOutbox;
let page: StatusPage;
let dataDir: string;
let ctx: ReturnType<TestOutbox["ctx"]>;
let checkout: { id: string; publicId: string };
let europe: { id: string; publicId: string };

function text(path: string): string {
  const answer = page.respond(path, {});
  if (!answer || answer instanceof Promise) throw new Error(`${path} is not answered from memory`);
  return answer.body.toString();
}
const json = (path: string) => JSON.parse(text(`/api/v2/${path}.json`));
const maintenances = (path = "scheduled-maintenances") => json(path).scheduled_maintenances;
const at = (minutes: number) => new Date(test.clock.at.getTime() + minutes * 60_000).toISOString();

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "muster-maintenance-"));
  test = await testOutbox({ dataDir, publicUrl: "https://muster.example" });
  ctx = test.ctx(await test.person("Root", "admin"));
  page = createStatusPage(test.core);
  await page.start();
  europe = await createComponent(ctx, { name: "Europe", group: true, description: "Two regions" });
  checkout = await createComponent(ctx, { name: "Checkout", groupId: europe.id, startOn: "2026-01-02" });
  await createComponent(ctx, { name: "Mail", onlyShowIfDegraded: true, showcase: false });
  await page.rebuild();
});
afterAll(async () => {
  await test.close();
  await rm(dataDir, { recursive: true, force: true });
});

describe("components", () => {
  it("have the keys that Statuspage gives them, groups those of groups", () => {
    const [group, component, mail] = json("components").components;
    const pageId = json("status").page.id;
    const times = { created_at: "2026-11-21T10:00:00.000Z", updated_at: "2026-11-21T10:00:00.000Z" };
    expect(group).toEqual({
      ...times,
      id: europe.publicId,
      name: "Europe",
      status: "operational",
      position: 1,
      description: "Two regions",
      showcase: false,
      start_date: null,
      group_id: null,
      page_id: pageId,
      group: true,
      only_show_if_degraded: false,
      components: [checkout.publicId],
    });
    expect(component).toEqual({
      ...times,
      id: checkout.publicId,
      name: "Checkout",
      status: "operational",
      position: 1,
      description: null,
      showcase: true,
      start_date: "2026-01-02",
      group_id: europe.publicId,
      page_id: pageId,
      group: false,
      only_show_if_degraded: false,
    });
    expect(Object.keys(component)).not.toContain("components");
    expect(mail).toMatchObject({ name: "Mail", showcase: false, only_show_if_degraded: true, position: 2 });
  });

  it("that are shown only when something is wrong stay off the page till then", async () => {
    const components = () => text("/status").split('id="past"')[0] ?? "";
    expect(components()).toContain("Checkout");
    expect(components()).not.toContain("Mail<");
    const [, , mail] = json("components").components;
    const incident = await createIncident(ctx, { title: "x" });
    const named = [{ id: mail.id, status: "degraded_performance" as const }];
    await publishUpdate(ctx, incident.id, {
      status: "investigating",
      body: "Mail is late.",
      channels: ["status_page"],
      components: named,
    });
    await page.rebuild();
    expect(components()).toContain("Mail<");
    await publishUpdate(ctx, incident.id, { status: "resolved", body: "Done.", channels: ["status_page"] });
    await page.rebuild();
    expect(components()).not.toContain("Mail<");
  });
});

describe("maintenance", () => {
  let id: string;

  it("is announced in every document, in Statuspage's shape", async () => {
    const made = await scheduleMaintenance(ctx, {
      title: "Upgrade <b>now</b>",
      body: "Payments stop.\n<script>alert(1)</script>",
      components: [checkout.publicId],
      from: at(24 * 60),
      until: at(26 * 60),
    });
    id = made.id;
    await test.runJobs(page);
    const [one] = maintenances();
    expect(one).toEqual({
      id: made.publicId,
      name: "Upgrade <b>now</b>",
      status: "scheduled",
      created_at: made.createdAt,
      updated_at: made.createdAt,
      monitoring_at: null,
      resolved_at: null,
      impact: "maintenance",
      shortlink: `https://muster.example/status/maintenance/${made.publicId}`,
      started_at: made.createdAt,
      page_id: json("status").page.id,
      reminder_intervals: null,
      incident_updates: [
        {
          id: expect.stringMatching(/^[0-9a-z]{12}$/),
          status: "scheduled",
          body: "Payments stop.\n<script>alert(1)</script>",
          incident_id: made.publicId,
          created_at: made.createdAt,
          updated_at: made.createdAt,
          display_at: made.createdAt,
          affected_components: [
            { code: checkout.publicId, name: "Checkout", old_status: "operational", new_status: "operational" },
          ],
          deliver_notifications: true,
          custom_tweet: null,
          tweet_id: null,
        },
      ],
      components: [json("components").components[1]],
      scheduled_for: made.from,
      scheduled_until: made.until,
    });
    expect(maintenances("summary")).toEqual([one]);
    expect(maintenances("scheduled-maintenances/upcoming")).toEqual([one]);
    expect(maintenances("scheduled-maintenances/active")).toEqual([]);
    expect(json("summary").incidents).toEqual([]);
    expect(json("status").status.indicator).toBe("none");
    for (const path of ["/status", `/status/maintenance/${made.publicId}`]) {
      expect(text(path)).toContain("Upgrade &lt;b&gt;now&lt;/b&gt;");
      expect(text(path)).toContain("22 Nov 2026, 10:00 – 12:00 UTC");
      expect(text(path)).not.toContain("<script>");
    }
    for (const feed of ["atom", "rss"]) {
      expect(text(`/status/feed.${feed}`)).toContain(`/status/maintenance/${made.publicId}`);
      expect(text(`/status/feed.${feed}`)).not.toContain("<script>");
    }
  });

  it("runs: its components and group are under maintenance, and so is the headline", async () => {
    await postMaintenanceUpdate(ctx, id, { status: "in_progress" });
    await test.runJobs(page);
    expect(maintenances("scheduled-maintenances/active")).toMatchObject([
      { status: "in_progress", started_at: "2026-11-21T10:00:00.000Z" },
    ]);
    expect(maintenances("scheduled-maintenances/upcoming")).toEqual([]);
    const states = json("components").components.map((one: { status: string }) => one.status);
    expect(states).toEqual(["under_maintenance", "under_maintenance", "operational"]);
    expect(json("status").status).toEqual({ indicator: "maintenance", description: "Service Under Maintenance" });
    expect(text("/status")).toContain("Maintenance in progress");
    const updates = maintenances("summary")[0].incident_updates;
    expect(updates[0].affected_components[0]).toMatchObject({
      old_status: "operational",
      new_status: "under_maintenance",
    });
  });

  it("is corrected with a mark, and over it goes into history", async () => {
    const after = await postMaintenanceUpdate(ctx, id, { status: "completed", body: "Al is done." });
    test.wait(60_000);
    await correctMaintenanceUpdate(ctx, id, after.updates[0]?.id ?? "", "All is done.");
    await test.runJobs(page);
    expect(maintenances()[0]).toMatchObject({ status: "completed", resolved_at: "2026-11-21T10:00:00.000Z" });
    expect(maintenances()[0].incident_updates[0]).toMatchObject({
      body: "All is done.",
      updated_at: "2026-11-21T10:01:00.000Z",
    });
    expect(maintenances("summary")).toEqual([]);
    expect(text("/status/history")).toContain("Past maintenance");
    expect(text(`/status/maintenance/${maintenances()[0].id}`)).toContain("corrected");
    expect(text("/status")).not.toContain("Upgrade");
  });

  it("that is called off reads as over where clients know no other word, and says so", async () => {
    const made = await scheduleMaintenance(ctx, { title: "Never", body: "x", from: at(60), until: at(90) });
    await cancelMaintenance(ctx, made.id, { reason: "No need." });
    await page.rebuild();
    const found = maintenances().find((one: { name: string }) => one.name === "Never");
    expect(found.status).toBe("completed");
    expect(found.incident_updates.map((one: { status: string; body: string }) => [one.status, one.body])).toEqual([
      ["completed", "The maintenance is cancelled. No need."],
      ["scheduled", "x"],
    ]);
    expect(text(`/status/maintenance/${made.publicId}`)).toContain("Cancelled");
    await changeComponent(ctx, checkout.id, { groupId: null });
  });
});
