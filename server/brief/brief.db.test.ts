import { afterAll, beforeAll, expect, test } from "vitest";
import { updates } from "#/db/schema/index.ts";
import type { UserActor } from "#/server/access/index.ts";
import { changeIncident, createIncident } from "#/server/incidents/index.ts";
import { claimRole, recordPresence } from "#/server/roster/index.ts";
import { createTask } from "#/server/tasks/index.ts";
import { type TestCore, testCore } from "#/server/testing/test-core.ts";
import { readBrief } from "./index.ts";

let t: TestCore;
let ada: UserActor;
let lin: UserActor;
beforeAll(async () => {
  t = await testCore();
  ada = await t.person("Ada");
  lin = await t.person("Lin");
});
afterAll(() => t.close());

test("a brief says what is broken, who does what, what is open and what was said", async () => {
  const { id } = await createIncident(t.ctx(ada), { title: "Checkout is slow", severity: "SEV2" });
  await changeIncident(t.ctx(ada), {
    incident: id,
    change: {
      impactText: "One in five payments fails",
      hypothesis: "The pool is empty",
      nextUpdateDueAt: "2026-11-21T10:20:00Z",
    },
  });
  await claimRole(t.ctx(ada), { incident: id, role: "commander" });
  await t.core.db.transaction((tx) =>
    recordPresence(tx, t.ctx(lin), { incidentId: id, userId: lin.userId, isHere: true, isIdle: false }),
  );
  await createTask(t.ctx(ada), { incident: id, task: { title: "Later" } });
  await createTask(t.ctx(ada), { incident: id, task: { title: "Look at db-7", ownerId: lin.userId, minutes: 30 } });
  await createTask(t.ctx(ada), { incident: id, task: { title: "Roll back", ownerId: ada.userId, minutes: 5 } });
  for (const [count, body] of ["First", "Second", "Third", "Fourth"].entries()) {
    await t.core.db.read.insert(updates).values({
      incidentId: id,
      publicId: `u${count}`,
      audience: "public",
      status: "identified",
      body,
      channels: ["status_page"],
      publishedByName: "Ada",
      publishedAt: new Date(t.clock.at.getTime() + count * 60_000),
    });
  }
  t.clock.at = new Date(t.clock.at.getTime() + 10 * 60_000);
  const brief = await readBrief(t.ctx(lin), id);
  expect(brief).toMatchObject({
    title: "Checkout is slow",
    severity: "SEV2",
    status: "investigating",
    impact: "One in five payments fails",
    theory: "The pool is empty",
    nextUpdateDueAt: "2026-11-21T10:20:00.000Z",
    roles: [{ role: "commander", holder: "Ada" }],
    missingRoles: ["communications"],
    here: ["Lin"],
    tasks: [
      { title: "Roll back", owner: "Ada", isOverdue: true },
      { title: "Look at db-7", owner: "Lin", isOverdue: false },
      { title: "Later", owner: null, dueAt: null, isOverdue: false },
    ],
  });
  expect(brief.updates.map((update) => update.body)).toEqual(["Fourth", "Third", "Second"]);
  expect(brief.events.map((event) => event.text)).toEqual([
    "Ada took the role commander",
    "Ada declared the incident as SEV2",
  ]);
  for (const text of [
    "# INC-1 Checkout is slow",
    "- communications: **nobody**",
    "- Roll back (Ada, **over since 10:05 UTC**)",
    "The next one is due at 10:20 UTC.",
    "- 10:03 UTC identified, Ada: Fourth",
    "Here now: Lin",
  ]) {
    expect(brief.markdown).toContain(text);
  }
});

test("a private incident's brief is for its members", async () => {
  const { id } = await createIncident(t.ctx(ada), { title: "Leak", visibility: "private" });
  await expect(readBrief(t.ctx(lin), id)).rejects.toMatchObject({ code: "not_found" });
  expect((await readBrief(t.ctx(ada), id)).markdown).toContain("None was published yet.");
});
