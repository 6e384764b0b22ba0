import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { incidents, roleReminders, timelineEntries } from "#/db/schema/index.ts";
import type { UserActor } from "#/server/access/index.ts";
import { createIncident, findIncident, presentIncident, resolveIncident } from "#/server/incidents/index.ts";
import { changeSettings } from "#/server/settings/index.ts";
import { type TestCore, testCore } from "#/server/testing/test-core.ts";
import {
  acceptRole,
  claimRole,
  closeLeftPresence,
  declineRole,
  offerRole,
  recordPresence,
  registerRoleReminders,
  releaseRole,
  takeOverRole,
  withdrawOffer,
} from "./index.ts";
import { remindOfRoles } from "./review-roles.ts";
import { ABSENT_AFTER_MS, COMMANDER_REMINDER_MS } from "./shared/lists.ts";

let t: TestCore;
let ada: UserActor;
let lin: UserActor;
let ann: UserActor;
let incident: string;
beforeAll(async () => {
  t = await testCore();
  registerRoleReminders(t.core);
  ada = await t.person("Ada");
  lin = await t.person("Lin");
  ann = await t.person("Ann", "admin");
});
afterAll(() => t.close());
beforeEach(async () => {
  t.jobs.length = 0;
  incident = (await createIncident(t.ctx(ada), { title: "Checkout is slow", severity: "SEV3" })).id;
});

const wait = (ms: number) => {
  t.clock.at = new Date(t.clock.at.getTime() + ms);
};
const presence = (who: UserActor, isHere: boolean) =>
  t.core.db.transaction((tx) =>
    recordPresence(tx, t.ctx(who), { incidentId: incident, userId: who.userId, isHere, isIdle: false }),
  );
async function role(name = "commander") {
  const row = await findIncident(t.core.db.read, t.ctx(ada), incident);
  const found = (await presentIncident(t.core.db.read, row)).roles.find((each) => each.role === name);
  if (!found) throw new Error(`no role ${name}`);
  return found;
}
async function eventsOf(type: string) {
  const entries = await t.core.db.read.select().from(timelineEntries).where(eq(timelineEntries.incidentId, incident));
  return entries.filter((entry) => entry.type === type).map((entry) => entry.data);
}
const commander = () => ({ incident, role: "commander" });

describe("taking a role over", () => {
  const takeOver = (who: UserActor) => takeOverRole(t.ctx(who), { ...commander(), reason: "Ada is on a train" });

  test("waits until the holder was away for three minutes", async () => {
    await presence(ada, true);
    await claimRole(t.ctx(ada), commander());
    wait(60 * 60_000);
    await expect(takeOver(lin)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("has been here since"),
    });
    await presence(ada, false);
    wait(ABSENT_AFTER_MS - 1);
    await expect(takeOver(lin)).rejects.toMatchObject({ code: "conflict" });
    expect((await role()).holder?.name).toBe("Ada");
    wait(1);
    await takeOver(lin);
    expect((await role()).holder?.name).toBe("Lin");
    expect(await eventsOf("role.taken_over")).toEqual([
      { role: "commander", holderId: lin.userId, holderName: "Lin", from: "Ada", reason: "Ada is on a train" },
    ]);
  });

  test("counts from the return when the holder came back and left again", async () => {
    await presence(ada, true);
    await claimRole(t.ctx(ada), commander());
    await presence(ada, false);
    wait(ABSENT_AFTER_MS);
    await presence(ada, true);
    await expect(takeOver(lin)).rejects.toMatchObject({ code: "conflict" });
    await presence(ada, false);
    wait(ABSENT_AFTER_MS - 1);
    await expect(takeOver(lin)).rejects.toMatchObject({ code: "conflict" });
  });

  test("counts from the role for a holder who never came, and is an administrator's at any time", async () => {
    await claimRole(t.ctx(ada), commander());
    await expect(takeOver(lin)).rejects.toMatchObject({ code: "conflict" });
    await takeOver(ann);
    expect((await role()).holder?.name).toBe("Ann");
  });

  test("after a restart nobody is absent before their time is over", async () => {
    await presence(ada, true);
    await claimRole(t.ctx(ada), commander());
    // Killed: no time of leaving was written. An hour later it starts again.
    wait(60 * 60_000);
    await closeLeftPresence(t.core);
    expect((await role()).awaySince).toBe(t.clock.at.toISOString());
    wait(ABSENT_AFTER_MS - 1);
    await expect(takeOver(lin)).rejects.toMatchObject({ code: "conflict" });
    wait(1);
    await takeOver(lin);
    expect((await role()).holder?.name).toBe("Lin");
  });

  test("the room hears when a holder leaves and comes back, not when others do", async () => {
    await presence(ada, true);
    await presence(lin, true);
    await claimRole(t.ctx(ada), commander());
    const heard: string[] = [];
    const listen = (fact: { parts: readonly string[] }) => void heard.push(fact.parts.join());
    t.core.facts.on("fact", listen);
    await presence(lin, false);
    expect(heard).toEqual([]);
    await presence(ada, false);
    await presence(ada, false);
    expect(heard).toEqual(["roster"]);
    expect((await role()).awaySince).toBe(t.clock.at.toISOString());
    await presence(ada, true);
    expect((await role()).awaySince).toBeNull();
    t.core.facts.off("fact", listen);
  });
});

describe("offering a role", () => {
  test("the holder keeps it until it is accepted; it can be declined and taken back", async () => {
    await claimRole(t.ctx(ada), commander());
    await offerRole(t.ctx(ada), { ...commander(), userId: lin.userId });
    expect(await role()).toMatchObject({ holder: { name: "Ada" }, offeredTo: { name: "Lin" } });
    await expect(declineRole(t.ctx(ann), commander())).rejects.toMatchObject({ code: "conflict" });
    await declineRole(t.ctx(lin), { ...commander(), reason: "In a meeting" });
    expect(await role()).toMatchObject({ holder: { name: "Ada" }, offeredTo: null });
    expect(await eventsOf("role.declined")).toEqual([
      { role: "commander", holderId: lin.userId, holderName: "Lin", reason: "In a meeting" },
    ]);
    await offerRole(t.ctx(ada), { ...commander(), userId: lin.userId });
    await expect(withdrawOffer(t.ctx(lin), commander())).rejects.toMatchObject({ code: "conflict" });
    await withdrawOffer(t.ctx(ada), commander());
    await expect(acceptRole(t.ctx(lin), commander())).rejects.toMatchObject({ code: "conflict" });
    await expect(withdrawOffer(t.ctx(ada), commander())).rejects.toMatchObject({ code: "conflict" });
    expect((await role()).holder?.name).toBe("Ada");
  });
});

describe("roles that nobody holds", () => {
  const waiting = () => t.core.db.read.select().from(roleReminders).where(eq(roleReminders.incidentId, incident));
  const rolesWaiting = async () => (await waiting()).map((row) => row.role).sort();
  const remind = () => remindOfRoles(t.core, incident);

  test("are reminded of after their time, with growing pauses, and not twice", async () => {
    expect(await rolesWaiting()).toEqual(["commander"]);
    expect(t.jobs).toMatchObject([
      { name: "roster.remind", options: { startAt: new Date(t.clock.at.getTime() + COMMANDER_REMINDER_MS) } },
    ]);
    wait(COMMANDER_REMINDER_MS - 2_000);
    await remind();
    expect(await eventsOf("role.unfilled")).toEqual([]);
    wait(2_000);
    await remind();
    await remind();
    expect(await eventsOf("role.unfilled")).toEqual([{ role: "commander", minutes: 5, times: 1 }]);
    for (const minutes of [10, 20, 40, 80]) {
      wait(minutes * 60_000);
      await remind();
    }
    expect((await eventsOf("role.unfilled")).map((data) => data.times)).toEqual([1, 2, 3, 4]);
  });

  test("end when the role is filled and begin anew when it is given up", async () => {
    await claimRole(t.ctx(ada), commander());
    expect(await rolesWaiting()).toEqual([]);
    wait(COMMANDER_REMINDER_MS);
    await remind();
    expect(await eventsOf("role.unfilled")).toEqual([]);
    await releaseRole(t.ctx(ada), commander());
    const [row] = await waiting();
    expect(row?.missingSince).toEqual(t.clock.at);
  });

  test("follow the severity and its setting, and end with the incident", async () => {
    await t.core.db.transaction(async (tx) => {
      await tx.update(incidents).set({ severity: "SEV2" }).where(eq(incidents.id, incident));
    });
    await claimRole(t.ctx(ada), { incident, role: "scribe" });
    expect(await rolesWaiting()).toEqual(["commander", "communications"]);
    expect(await role("communications")).toMatchObject({ isRequired: true });
    expect(await role("operations")).toMatchObject({ isRequired: false });
    await changeSettings(t.ctx(ann), { requiredRoles: { SEV2: ["operations", "database-lead"] } });
    expect(await role("database-lead")).toMatchObject({ isRequired: true, holder: null });
    wait(COMMANDER_REMINDER_MS);
    await remind();
    expect(await rolesWaiting()).toEqual(["commander", "database-lead", "operations"]);
    await resolveIncident(t.ctx(ada), { incident, summary: "Rolled back" });
    expect(await rolesWaiting()).toEqual([]);
  });

  test("are nobody's worry in triage and in a retrospective", async () => {
    for (const more of [{ status: "triage" as const }, { mode: "retrospective" as const }]) {
      incident = (await createIncident(t.ctx(ada), { title: "Quiet", severity: "SEV1", ...more })).id;
      expect(await rolesWaiting()).toEqual([]);
    }
  });
});
