import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { incidentMembers, services, timelineEntries } from "#/db/schema/index.ts";
import type { UserActor } from "#/server/access/index.ts";
import { createIncident, resolveIncident } from "#/server/incidents/index.ts";
import { recordPresence } from "#/server/roster/index.ts";
import { type TestCore, testCore } from "#/server/testing/test-core.ts";
import { inviteInput } from "./contract.ts";
import { declineInvitation, invitePeople, listInvitations, markDelivered, markJoined, markSeen } from "./index.ts";
import { INVITATION_MESSAGE_LENGTH_MAX, INVITATIONS_MAX, INVITE_AGAIN_AFTER_MS } from "./shared/lists.ts";

let t: TestCore;
let ada: UserActor;
let lin: UserActor;
let vic: UserActor;
let incident: string;
beforeAll(async () => {
  t = await testCore();
  ada = await t.person("Ada");
  lin = await t.person("Lin");
  vic = await t.person("Vic", "viewer");
});
afterAll(() => t.close());
beforeEach(async () => {
  incident = (await createIncident(t.ctx(ada), { title: "Checkout is slow" })).id;
});

const wait = (ms: number) => {
  t.clock.at = new Date(t.clock.at.getTime() + ms);
};
const invite = (userId: string, message?: string) =>
  invitePeople(t.ctx(ada), { incident, userId, ...(message && { message }) });
const list = () => listInvitations(t.core.db.read, incident);
const stateOf = async (userId: string) => (await list()).find((each) => each.person.id === userId)?.state;
const who = (person: UserActor) => ({ incidentId: incident, userId: person.userId });
async function eventTypes() {
  const entries = await t.core.db.read.select().from(timelineEntries).where(eq(timelineEntries.incidentId, incident));
  return entries.sort((a, b) => a.seq - b.seq).map((entry) => entry.type);
}

describe("bringing somebody in", () => {
  test("goes from invited over delivered and seen to joined, each once", async () => {
    expect(await invite(lin.userId, "The pool is empty")).toMatchObject([
      { state: "invited", person: { name: "Lin" }, invitedBy: "Ada", message: "The pool is empty", times: 1 },
    ]);
    await t.core.db.transaction((tx) => markDelivered(tx, t.ctx(lin), { ...who(lin), by: "email" }));
    await t.core.db.transaction((tx) => markDelivered(tx, t.ctx(lin), { ...who(lin), by: "slack" }));
    expect((await list())[0]).toMatchObject({ state: "delivered", deliveredBy: "email" });
    await t.core.db.transaction((tx) => markSeen(tx, t.ctx(lin), who(lin)));
    expect(await stateOf(lin.userId)).toBe("seen");
    for (let time = 0; time < 2; time += 1) await t.core.db.transaction((tx) => markJoined(tx, t.ctx(lin), who(lin)));
    expect(await stateOf(lin.userId)).toBe("joined");
    expect(await eventTypes()).toEqual(["incident.declared", "person.invited", "person.joined"]);
  });

  test("can be repeated after five minutes, not before, and not for who is here", async () => {
    await invite(lin.userId);
    wait(INVITE_AGAIN_AFTER_MS - 1);
    await expect(invite(lin.userId)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("You can ask again from"),
    });
    wait(1);
    expect(await invite(lin.userId)).toMatchObject([{ times: 2, state: "invited" }]);
    wait(INVITE_AGAIN_AFTER_MS);
    await t.core.db.transaction((tx) => recordPresence(tx, t.ctx(lin), { ...who(lin), isHere: true, isIdle: false }));
    await expect(invite(lin.userId)).rejects.toMatchObject({ code: "conflict", message: "Lin is here already." });
  });

  test("is declined by the invited person only, and stays declined", async () => {
    const [invitation] = await invite(lin.userId);
    const input = { incident, invitationId: invitation?.id ?? "", reason: "On a plane" };
    await expect(declineInvitation(t.ctx(ada), input)).rejects.toMatchObject({ code: "not_found" });
    await declineInvitation(t.ctx(lin), input);
    await declineInvitation(t.ctx(lin), input);
    expect((await list())[0]).toMatchObject({ state: "declined", declineReason: "On a plane" });
    expect((await eventTypes()).filter((type) => type === "person.declined")).toHaveLength(1);
  });

  test("asks a service's owner and those of its addresses that have an account", async () => {
    const values = {
      name: `pay-${incident}`,
      ownerId: ada.userId,
      tellEmails: ["LIN@example.com", "team@example.com"],
    };
    const [service] = await t.core.db.read.insert(services).values(values).returning();
    const made = await invitePeople(t.ctx(vicAsResponder()), { incident, serviceId: service?.id ?? "" });
    expect(made.map((each) => [each.person.name, each.service])).toEqual(
      expect.arrayContaining([
        ["Ada", values.name],
        ["Lin", values.name],
      ]),
    );
    const [empty] = await t.core.db.read
      .insert(services)
      .values({ name: `empty-${incident}` })
      .returning();
    await expect(invitePeople(t.ctx(ada), { incident, serviceId: empty?.id ?? "" })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("Nobody with an account belongs to"),
    });
  });

  test("is for responders, of open incidents, and for people who exist", async () => {
    await expect(invitePeople(t.ctx(vic), { incident, userId: lin.userId })).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(invite("nobody")).rejects.toMatchObject({ code: "not_found" });
    await resolveIncident(t.ctx(ada), { incident, summary: "Done" });
    await expect(invite(lin.userId)).rejects.toMatchObject({ code: "conflict" });
  });

  test("lets people into a private incident only by somebody who may", async () => {
    incident = (await createIncident(t.ctx(ada), { title: "Leak", visibility: "private" })).id;
    await expect(invitePeople(t.ctx(lin), { incident, userId: vic.userId })).rejects.toMatchObject({
      code: "not_found",
    });
    const limited = { ...ada, scopes: ["roster:write", "incidents:read"] };
    await expect(invitePeople(t.ctx(limited), { incident, userId: lin.userId })).rejects.toMatchObject({
      code: "forbidden",
      message: expect.stringContaining("private"),
    });
    await invite(lin.userId);
    const members = await t.core.db.read.select().from(incidentMembers).where(eq(incidentMembers.incidentId, incident));
    expect(members.map((row) => row.userId)).toContain(lin.userId);
  });

  test("ends at a hundred people", async () => {
    for (let count = 0; count < INVITATIONS_MAX; count += 1)
      await invite((await t.person(`Guest ${count} ${incident}`)).userId);
    await expect(invite(lin.userId)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("At most 100"),
    });
  });

  test("takes one of person and service, and a message of its length", () => {
    const message = "x".repeat(INVITATION_MESSAGE_LENGTH_MAX);
    expect(inviteInput.safeParse({ userId: "a", message }).success).toBe(true);
    expect(inviteInput.safeParse({ userId: "a", message: `${message}x` }).success).toBe(false);
    expect(inviteInput.safeParse({ userId: "a", serviceId: "b" }).success).toBe(false);
    expect(inviteInput.safeParse({}).success).toBe(false);
  });
});

function vicAsResponder(): UserActor {
  return { ...vic, role: "responder" };
}
