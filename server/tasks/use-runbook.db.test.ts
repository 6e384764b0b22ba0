import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { alerts, integrations, services, tasks, timelineEntries } from "#/db/schema/index.ts";
import type { UserActor } from "#/server/access/index.ts";
import { changeIncident, createIncident } from "#/server/incidents/index.ts";
import { presentRunbooks, runbooksOf } from "#/server/runbooks/index.ts";
import { RUNBOOKS_MAX } from "#/server/runbooks/shared/lists.ts";
import { changeService, createService } from "#/server/services/index.ts";
import { type TestCore, testCore } from "#/server/testing/test-core.ts";
import { changeTask, listTasks, makeRunbookTasks, undoRunbookTasks } from "./index.ts";
import { TASKS_MAX } from "./shared/lists.ts";

const RUNBOOK = "# Checkout\n\n- [x] read this\n- [ ] Look at the graphs\n- [ ] Roll back\n  - [ ] wait for green";
const STEPS = ["Look at the graphs", "Roll back", "Roll back: wait for green"];

let t: TestCore;
let ada: UserActor;
let admin: UserActor;
let integrationId: string;
let service: string;
let incident: string;
let count = 0;
beforeAll(async () => {
  t = await testCore();
  ada = await t.person("Ada");
  admin = await t.person("Adam", "admin");
  const [row] = await t.core.db.read
    .insert(integrations)
    .values({ name: "am", source: "prometheus-alertmanager", keyHash: "x", keySealed: "x" })
    .returning();
  integrationId = row?.id ?? "";
});
afterAll(() => t.close());
beforeEach(async () => {
  count += 1;
  const name = `checkout-${count}`;
  service = (await createService(t.ctx(admin), { name, runbook: RUNBOOK })).id;
  incident = (await createIncident(t.ctx(ada), { title: "Slow", services: [name] })).id;
});

const make = (who = ada, runbookId = service) => makeRunbookTasks(t.ctx(who), { incident, runbookId });
const undo = (taskIds: string[]) => undoRunbookTasks(t.ctx(ada), { incident, runbookId: service, taskIds });
const titles = async () => (await listTasks(t.core.db.read, incident)).map(({ title }) => title);
const listed = async () => presentRunbooks(t.core.db.read, incident, await runbooksOf(t.core.db.read, incident));
const told = async () => {
  const entries = await t.core.db.read.select().from(timelineEntries).where(eq(timelineEntries.incidentId, incident));
  return entries.filter(({ type }) => /^(runbook|task)\./.test(type)).map(({ type, data }) => [type, data.count]);
};

type Links = { kind: string; title: string; url: string }[];
async function alert(name: string, links: Links): Promise<void> {
  const at = t.clock.at;
  await t.core.db.read.insert(alerts).values({
    integrationId,
    source: "prometheus-alertmanager",
    dedupKey: `${count}-${name}`,
    title: `${name} is high`,
    status: "firing",
    severity: "error",
    firstAt: at,
    lastAt: at,
    startsAt: at,
    links,
    labels: { alertname: name },
    incidentId: incident,
    explanation: { rule: "x", text: "x", at: at.toISOString() },
  });
}
const runbookAt = (url: string): Links => [{ kind: "runbook", title: "Runbook", url }];

describe("the runbooks of an incident", () => {
  test("are those of its services, its links and its alerts, each address once", async () => {
    await changeService(t.ctx(admin), { id: service, change: { runbookUrl: "https://wiki.example/checkout" } });
    const links = [...runbookAt("https://wiki.example/own"), { kind: "chat", title: "x", url: "https://c.example" }];
    await changeIncident(t.ctx(ada), { incident, change: { links } });
    await alert("HighErrorRate", runbookAt("https://wiki.example/checkout"));
    await alert("PoolFull", runbookAt("https://wiki.example/pool"));
    await alert("PoolFuller", runbookAt("https://wiki.example/pool"));
    await alert("Odd", runbookAt("javascript:alert(1)"));
    const list = await listed();
    expect(list.map(({ from, url }) => [from.kind, url])).toEqual([
      ["service", "https://wiki.example/checkout"],
      ["incident", "https://wiki.example/own"],
      ["alert", "https://wiki.example/pool"],
    ]);
    expect(list[0]).toMatchObject({ id: service, hasText: true, steps: STEPS.length, stepsMade: 0 });
    expect(list[2]).toMatchObject({ hasText: false, steps: 0 });
  });

  test("are none for a service that has neither text nor address", async () => {
    await changeService(t.ctx(admin), { id: service, change: { runbook: "" } });
    expect(await listed()).toEqual([]);
    await expect(make()).rejects.toMatchObject({ code: "not_found" });
  });

  test(`are at most ${RUNBOOKS_MAX}`, async () => {
    for (let n = 0; n < RUNBOOKS_MAX - 1; n += 1) await alert(`a${n}`, runbookAt(`https://wiki.example/${n}`));
    expect(await listed()).toHaveLength(RUNBOOKS_MAX);
    await alert("more", runbookAt("https://wiki.example/more"));
    expect(await listed()).toHaveLength(RUNBOOKS_MAX);
  });
});

describe("tasks made of a checklist", () => {
  test("are its open steps, in order, with one line in the timeline", async () => {
    const made = await make();
    expect(await titles()).toEqual(STEPS);
    expect(made).toHaveLength(STEPS.length);
    expect(await told()).toEqual([["runbook.tasks_made", STEPS.length]]);
    expect(await listed()).toMatchObject([{ steps: STEPS.length, stepsMade: STEPS.length }]);
  });

  test("are made once; a second press adds only what is new, also when a task was renamed or cancelled", async () => {
    const [first = "", second = ""] = await make();
    await changeTask(t.ctx(ada), { incident, taskId: first, change: { title: "Look again" } });
    await changeTask(t.ctx(ada), { incident, taskId: second, change: { status: "cancelled" } });
    expect(await make()).toEqual([]);
    await changeService(t.ctx(admin), { id: service, change: { runbook: `${RUNBOOK}\n- [ ] Tell support` } });
    expect(await make()).toHaveLength(1);
    expect(await make()).toEqual([]);
    expect(await titles()).toEqual(expect.arrayContaining(["Look again", "Tell support"]));
    expect(await titles()).toHaveLength(STEPS.length + 1);
  });

  test("two presses at once make each step once", async () => {
    const made = await Promise.all([make(), make(), make()]);
    expect(made.flat()).toHaveLength(STEPS.length);
    expect(await titles()).toHaveLength(STEPS.length);
  });

  test("are taken back, but for those that somebody took or did; then they can be made again", async () => {
    const made = await make();
    const [first = "", second = ""] = made;
    await changeTask(t.ctx(ada), { incident, taskId: first, change: { ownerId: ada.userId } });
    await changeTask(t.ctx(ada), { incident, taskId: second, change: { status: "done" } });
    expect(await undo(made)).toBe(1);
    expect(await undo(made)).toBe(0);
    expect((await titles()).sort()).toEqual(STEPS.slice(0, 2));
    expect(await make()).toHaveLength(1);
    expect((await told()).map(([type]) => type)).toContain("runbook.tasks_undone");
  });

  test("of other runbooks and by hand stay when these are taken back", async () => {
    const [other] = await t.core.db.read.insert(tasks).values({ incidentId: incident, title: "by hand" }).returning();
    await make();
    expect(await undo([other?.id ?? ""])).toBe(0);
    expect(await titles()).toContain("by hand");
  });

  test("are all made or none, when the incident has no room for them", async () => {
    const full = (n: number) =>
      t.core.db.read
        .insert(tasks)
        .values(Array.from({ length: n }, (_, i) => ({ incidentId: incident, title: `${i}` })));
    await full(TASKS_MAX - STEPS.length + 1);
    await expect(make()).rejects.toMatchObject({ code: "conflict" });
    expect(await titles()).toHaveLength(TASKS_MAX - STEPS.length + 1);
    await t.core.db.read.delete(tasks).where(eq(tasks.incidentId, incident));
    await full(TASKS_MAX - STEPS.length);
    expect(await make()).toHaveLength(STEPS.length);
  });

  test("need a checklist, the right to write, and the sight of the incident", async () => {
    await alert("PoolFull", runbookAt("https://wiki.example/pool"));
    const link = (await listed()).find(({ from }) => from.kind === "alert");
    await expect(make(ada, link?.id)).rejects.toMatchObject({ code: "conflict" });
    await expect(make(ada, "00000000-0000-4000-8000-000000000000")).rejects.toMatchObject({ code: "not_found" });
    await expect(make(await t.person(`Vera ${count}`, "viewer"))).rejects.toMatchObject({ code: "forbidden" });
    await changeIncident(t.ctx(ada), { incident, change: { visibility: "private" } });
    await expect(make(await t.person(`Eve ${count}`))).rejects.toMatchObject({ code: "not_found" });
    await t.core.db.read.delete(services).where(eq(services.id, service));
    await expect(make()).rejects.toMatchObject({ code: "not_found" });
  });
});
