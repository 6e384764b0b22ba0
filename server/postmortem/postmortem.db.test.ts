import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as Y from "yjs";
import {
  actionItems,
  alerts,
  integrations,
  postmortems,
  rosterRoles,
  tasks,
  timelineEntries,
  updates,
} from "#/db/schema/index.ts";
import { createDocuments, type Documents } from "#/server/documents/index.ts";
import { type Ctx, nextSeq, recordEvent } from "#/server/events/index.ts";
import { createIncident, reopenIncident, resolveIncident } from "#/server/incidents/index.ts";
import { changeTask, createTask } from "#/server/tasks/index.ts";
import { type TestCore, testCore } from "#/server/testing/test-core.ts";
import {
  addFollowUps,
  changeActionItem,
  changePostmortem,
  createActionItem,
  deleteActionItem,
  listActionItems,
  readPostmortem,
  registerPostmortem,
  requestPostmortem,
} from "./index.ts";
import { ACTION_ITEMS_PER_INCIDENT_MAX } from "./shared/lists.ts";
import { POSTMORTEM_ROOT } from "./shared/schema.ts";

let muster: TestCore;
let documents: Documents;
beforeAll(async () => {
  muster = await testCore();
  documents = createDocuments(muster.core);
  registerPostmortem(muster.core, documents);
});
afterAll(async () => {
  await documents.stop();
  await muster.close();
});

let people = 0;
async function someone(name: string, role: Parameters<TestCore["person"]>[1] = "responder") {
  people += 1;
  const actor = await muster.person(`${name} ${people}`, role);
  return { actor, ctx: muster.ctx(actor) };
}

const minute = (n: number) => new Date(Date.UTC(2026, 10, 21, 10, n));

/** An incident with an alert, a note, an update, an open and a done task, and a commander. */
async function outage(visibility: "public" | "private" = "public") {
  const { actor, ctx } = await someone("Ada Kovač");
  muster.clock.at = minute(3);
  const incident = await createIncident(ctx, {
    title: "Checkout returns 5xx in eu-west",
    severity: "SEV1",
    summary: "Half of the card payments fail.",
    visibility,
    services: ["checkout"],
  });
  await ctx.db.transaction(async (tx) => {
    const [integration] = await tx
      .insert(integrations)
      .values({ name: "am", source: "prometheus-alertmanager", keyHash: incident.id, keySealed: "x" })
      .returning();
    await tx.insert(alerts).values({
      integrationId: integration?.id ?? "",
      source: "prometheus-alertmanager",
      dedupKey: "k",
      title: "HighErrorRate",
      status: "resolved",
      severity: "critical",
      serviceName: "checkout",
      count: 14,
      firstAt: minute(1),
      lastAt: minute(31),
      startsAt: minute(1),
      incidentId: incident.id,
      explanation: { rule: "r", text: "t", at: minute(1).toISOString() },
    });
    await recordEvent(tx, ctx, {
      incidentId: incident.id,
      type: "role.claimed",
      data: { role: "commander", holderId: actor.userId, holderName: actor.name },
    });
    await tx.insert(rosterRoles).values({ incidentId: incident.id, role: "commander", holderId: actor.userId });
    const event = await recordEvent(tx, ctx, {
      incidentId: incident.id,
      type: "update.published",
      data: { status: "identified" },
    });
    await tx.insert(updates).values({
      incidentId: incident.id,
      publicId: incident.id,
      audience: "public",
      status: "identified",
      body: "We found the cause and are rolling back.",
      channels: ["status_page"],
      publishedByName: actor.name,
      publishedAt: minute(10),
    });
    await tx.insert(timelineEntries).values({
      incidentId: incident.id,
      seq: event.seq + 1_000,
      kind: "note",
      type: "note",
      at: minute(5),
      actorId: actor.userId,
      actorName: actor.name,
      body: "Rolled back **release 42**\n\n```\nkubectl rollout undo\n```",
    });
    await tx.insert(tasks).values([
      { incidentId: incident.id, title: "Alert on pool use", ownerId: actor.userId },
      { incidentId: incident.id, title: "Scale down", status: "done", doneAt: minute(9) },
    ]);
  });
  return { incident, actor, ctx };
}

async function resolved(visibility?: "public" | "private") {
  const made = await outage(visibility);
  muster.clock.at = minute(36);
  await resolveIncident(made.ctx, { incident: made.incident.id, summary: "Rolled back release 42 in both regions." });
  return made;
}

describe("postmortem", () => {
  test("before it is open there is none, and the answer says how to open it", async () => {
    const { incident, ctx } = await outage();
    await expect(readPostmortem(ctx, documents, { incident: incident.reference })).rejects.toMatchObject({
      code: "not_found",
      message: expect.stringContaining("POST"),
    });
  });

  test("resolving opens it, filled from the record", async () => {
    const { incident, ctx, actor } = await resolved();
    const postmortem = await readPostmortem(ctx, documents, { incident: incident.reference });
    expect(postmortem.state).toBe("draft");
    expect(postmortem.dueOn).toBe("2026-11-24");
    expect(postmortem.markdown.length).toBeGreaterThan(400);
    for (const words of [
      `# ${incident.reference}: Checkout returns 5xx in eu-west`,
      "- Severity: SEV1",
      "- Time to detect: — (impact start to detection)",
      "- Time to acknowledge: 2 min (first alert to acknowledgement)",
      "- Time to resolve: 35 min (first alert to resolution)",
      "Half of the card payments fail.",
      "Rolled back **release 42**",
      "kubectl rollout undo",
      "**HighErrorRate** on checkout, 14 times, first 2026-11-21 10:01 UTC",
      "We found the cause and are rolling back.",
      "Rolled back release 42 in both regions.",
      `**commander**: ${actor.name}, from 10:03 UTC`,
      `- [ ] Alert on pool use (${actor.name})`,
      "### 21 November 2026",
    ]) {
      expect(postmortem.markdown).toContain(words);
    }
    expect(postmortem.markdown).not.toContain("Scale down (");
    expect(postmortem.actionItems.map((item) => item.title)).toEqual(["Alert on pool use"]);
    expect(postmortem.content.type).toBe("doc");
    expect(postmortem.canWrite).toBe(true);
  });

  test("the document is written once, whoever asks again", async () => {
    const { incident, ctx } = await resolved();
    const before = await readPostmortem(ctx, documents, { incident: incident.id });
    await requestPostmortem(ctx, documents, { incident: incident.id });
    await requestPostmortem(ctx, documents, { incident: incident.id });
    const after = await readPostmortem(ctx, documents, { incident: incident.id });
    expect(after).toEqual(before);
    const opened = after.record.filter((line) => line.text === "The postmortem was opened");
    expect(opened).toHaveLength(1);
  });

  test("what people write into it is in the export", async () => {
    const { incident, ctx } = await resolved();
    await documents.edit(ctx, { incidentId: incident.id, kind: "postmortem" }, (doc) => {
      doc.getXmlFragment(POSTMORTEM_ROOT).delete(0, 1);
    });
    const { markdown } = await readPostmortem(ctx, documents, { incident: incident.id });
    expect(markdown).not.toContain("## Overview");
    expect(markdown).toContain("## Impact");
  });

  test("a document that a client made before there was a postmortem is filled, below what stands in it", async () => {
    const { incident, ctx } = await outage();
    const target = { incidentId: incident.id, kind: "postmortem" as const };
    const open = await documents.open(target);
    await documents.edit(ctx, target, (doc) => {
      const paragraph = new Y.XmlElement("paragraph");
      paragraph.insert(0, [new Y.XmlText("Written too early.")]);
      doc.getXmlFragment(POSTMORTEM_ROOT).insert(0, [paragraph]);
    });
    await resolveIncident(ctx, { incident: incident.id, summary: "Rolled back release 42." });
    const markdown = async () => (await readPostmortem(ctx, documents, { incident: incident.id })).markdown;
    await expect.poll(markdown).toContain("## Overview");
    expect(await markdown()).toMatch(/Written too early\.[\s\S]+## Overview[\s\S]+## Alerts/);
    open.release();
  });

  test("a resolve that is rolled back leaves nothing behind", async () => {
    const { incident, ctx } = await outage();
    muster.core.handlers.on("postmortem.opened", async (_tx, _ctx, event) => {
      if (event.incidentId === incident.id) throw new Error("late failure");
    });
    await expect(resolveIncident(ctx, { incident: incident.id, summary: "x" })).rejects.toThrow("late failure");
    const rows = await ctx.db.read.select().from(postmortems).where(eq(postmortems.incidentId, incident.id));
    expect(rows).toEqual([]);
    expect((await documents.read(incident.id, "postmortem")).getXmlFragment(POSTMORTEM_ROOT).length).toBe(0);
  });

  test("an accepted incident may have one early; one in triage may not", async () => {
    const { incident, ctx } = await outage();
    await requestPostmortem(ctx, documents, { incident: incident.reference });
    expect((await readPostmortem(ctx, documents, { incident: incident.id })).markdown).toContain("Resolved: —");
    const triage = await createIncident(ctx, { title: "Maybe", status: "triage" });
    await expect(requestPostmortem(ctx, documents, { incident: triage.id })).rejects.toMatchObject({
      code: "conflict",
    });
  });

  test("its state changes, and a viewer may only read", async () => {
    const { incident, ctx } = await resolved();
    const viewer = await someone("Vera", "viewer");
    await changePostmortem(ctx, { incident: incident.id, change: { state: "in_review" } });
    const seen = await readPostmortem(viewer.ctx, documents, { incident: incident.id });
    expect([seen.state, seen.canWrite]).toEqual(["in_review", false]);
    const change = changePostmortem(viewer.ctx, { incident: incident.id, change: { state: "closed" } });
    await expect(change).rejects.toMatchObject({ code: "forbidden" });
    await expect(requestPostmortem(viewer.ctx, documents, { incident: incident.id })).rejects.toMatchObject({
      code: "forbidden",
    });
  });

  test("a private incident's is not there for others", async () => {
    const { incident } = await resolved("private");
    const other = await someone("Olga");
    const reading = readPostmortem(other.ctx, documents, { incident: incident.id });
    await expect(reading).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("tasks that were left", () => {
  const itemsOf = async (ctx: Ctx, incident: string) => {
    const { items } = await listActionItems(ctx, { incident, limit: 200 });
    return items.map(({ title, owner, doneAt, taskId }) => ({
      title,
      owner: owner?.name ?? null,
      isDone: doneAt !== null,
      taskId,
    }));
  };

  test("become action items when it opens, and those of later when the incident is resolved: each once, in order", async () => {
    const { actor, ctx } = await someone("Ada");
    const { id } = await createIncident(ctx, { title: "Slow" });
    muster.clock.at = minute(40);
    const first = await createTask(ctx, { incident: id, task: { title: "First", ownerId: actor.userId } });
    const gone = await createTask(ctx, { incident: id, task: { title: "Not needed" } });
    await changeTask(ctx, { incident: id, taskId: gone, change: { status: "cancelled" } });
    await requestPostmortem(ctx, documents, { incident: id });
    const firstItem = { title: "First", owner: actor.name, isDone: false, taskId: first };
    expect(await itemsOf(ctx, id)).toEqual([firstItem]);
    muster.clock.at = minute(50);
    const second = await createTask(ctx, { incident: id, task: { title: "Second" } });
    await resolveIncident(ctx, { incident: id, summary: "" });
    await reopenIncident(ctx, { incident: id });
    await resolveIncident(ctx, { incident: id, summary: "" });
    await requestPostmortem(ctx, documents, { incident: id });
    expect(await itemsOf(ctx, id)).toEqual([
      firstItem,
      { title: "Second", owner: null, isDone: false, taskId: second },
    ]);
  });

  test("are done with their task, and open again with it", async () => {
    const { ctx } = await someone("Ada");
    const { id } = await createIncident(ctx, { title: "Slow" });
    const taskId = await createTask(ctx, { incident: id, task: { title: "First" } });
    await requestPostmortem(ctx, documents, { incident: id });
    const tick = (status: "done" | "open") => changeTask(ctx, { incident: id, taskId, change: { status } });
    await tick("done");
    expect(await itemsOf(ctx, id)).toMatchObject([{ isDone: true }]);
    await tick("open");
    expect(await itemsOf(ctx, id)).toMatchObject([{ isDone: false }]);
  });

  test("go into the list until it is full", async () => {
    const { ctx } = await someone("Ada");
    const { id } = await createIncident(ctx, { title: "Slow" });
    muster.clock.at = minute(50);
    const many = Array.from({ length: ACTION_ITEMS_PER_INCIDENT_MAX - 1 }, (_, n) => ({
      incidentId: id,
      title: `${n}`,
    }));
    await muster.core.db.read.insert(actionItems).values(many);
    await createTask(ctx, { incident: id, task: { title: "Fits" } });
    muster.clock.at = minute(51);
    await createTask(ctx, { incident: id, task: { title: "Is one too many" } });
    await resolveIncident(ctx, { incident: id, summary: "" });
    const titles = (await itemsOf(ctx, id)).map(({ title }) => title);
    expect(titles).toHaveLength(ACTION_ITEMS_PER_INCIDENT_MAX);
    expect(titles).toContain("Fits");
  });
});

describe("action items", () => {
  test("are added, changed, done, and taken off", async () => {
    const { incident, ctx, actor } = await outage();
    const item = await createActionItem(ctx, {
      incidentId: incident.reference,
      title: "Same pool size in staging",
      dueOn: "2026-12-05",
    });
    expect(item).toMatchObject({
      incident: { id: incident.id, reference: incident.reference, title: incident.title },
      owner: null,
      dueOn: "2026-12-05",
      doneAt: null,
    });
    muster.clock.at = minute(50);
    const change = { ownerId: actor.userId, done: true, title: "The same pool size" };
    const done = await changeActionItem(ctx, { id: item.id, change });
    expect(done).toMatchObject({
      title: "The same pool size",
      owner: { name: actor.name },
      doneAt: minute(50).toISOString(),
    });
    muster.clock.at = minute(55);
    expect(await changeActionItem(ctx, { id: item.id, change: { done: true } })).toEqual(done);
    expect((await changeActionItem(ctx, { id: item.id, change: { done: false } })).doneAt).toBeNull();
    await deleteActionItem(ctx, { id: item.id });
    await expect(deleteActionItem(ctx, { id: item.id })).rejects.toMatchObject({ code: "not_found" });
  });

  test("are listed page by page, of one incident, only where one may look", async () => {
    const { incident, ctx } = await outage("private");
    for (const title of ["a", "b", "c"]) await createActionItem(ctx, { incidentId: incident.id, title });
    const first = await listActionItems(ctx, { incident: incident.id, limit: 2 });
    expect(first.items.map((item) => item.title)).toHaveLength(2);
    const second = await listActionItems(ctx, { incident: incident.id, limit: 2, cursor: first.nextCursor ?? "" });
    expect(new Set([...first.items, ...second.items].map((item) => item.title))).toEqual(new Set(["a", "b", "c"]));
    expect(second.nextCursor).toBeNull();
    const other = await someone("Olga");
    await expect(listActionItems(other.ctx, { incident: incident.id, limit: 2 })).rejects.toMatchObject({
      code: "not_found",
    });
    const all = await listActionItems(other.ctx, { limit: 200 });
    expect(all.items.some((item) => item.incident.id === incident.id)).toBe(false);
    const hidden = first.items[0]?.id ?? "";
    await expect(changeActionItem(other.ctx, { id: hidden, change: { done: true } })).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(listActionItems(ctx, { limit: 2, cursor: "nonsense" })).rejects.toMatchObject({ code: "invalid" });
  });
});

describe("notes that were marked", () => {
  async function markedOutage() {
    const { ctx, incident } = await outage();
    const mark = async (n: number, body: string, mark: "decision" | "follow_up") =>
      ctx.db.transaction(async (tx) => {
        const seq = await nextSeq(tx, incident.id);
        const note = { incidentId: incident.id, seq, kind: "note" as const, type: "note", at: minute(n), body, mark };
        const [row] = await tx
          .insert(timelineEntries)
          .values({ ...note, actorName: "Ada Kovač" })
          .returning();
        return row?.id ?? "";
      });
    await mark(12, "Roll back release 42", "decision");
    await mark(13, "**Alert** on queue length\n\nbecause nobody saw it", "follow_up");
    return { ctx, incident, mark };
  }

  test("are called so in what happened and in Markdown; follow-ups become action items, once", async () => {
    const { ctx, incident, mark } = await markedOutage();
    await requestPostmortem(ctx, documents, { incident: incident.id });
    const view = await readPostmortem(ctx, documents, { incident: incident.id });
    expect(view.markdown).toContain("`10:12` **Decision · Ada Kovač:** Roll back release 42");
    expect(view.markdown).toContain("- [ ] Alert on queue length (no owner)");
    expect(view.record.find((line) => line.text === "Roll back release 42")?.mark).toBe("decision");
    expect(view.followUps).toEqual([]);

    const late = await mark(14, "Write the runbook", "follow_up");
    const offered = await readPostmortem(ctx, documents, { incident: incident.id });
    expect(offered.followUps).toEqual([{ entryId: late, title: "Write the runbook" }]);
    for (let time = 0; time < 2; time += 1) await addFollowUps(ctx, { incident: incident.id });
    const after = await readPostmortem(ctx, documents, { incident: incident.id });
    expect(after.actionItems.map((item) => item.title)).toEqual(
      expect.arrayContaining(["Alert on queue length", "Write the runbook"]),
    );
    expect(after.actionItems.filter((item) => item.title === "Write the runbook")).toHaveLength(1);
    expect(after.followUps).toEqual([]);
  });

  test("are followed up as far as the list has room", async () => {
    const { ctx, incident } = await markedOutage();
    for (let n = 0; n < ACTION_ITEMS_PER_INCIDENT_MAX; n += 1) {
      await createActionItem(ctx, { incidentId: incident.id, title: `item ${n}` });
    }
    await requestPostmortem(ctx, documents, { incident: incident.id });
    const view = await readPostmortem(ctx, documents, { incident: incident.id });
    expect(view.followUps).toHaveLength(1);
    // The task that was left open came along too: two places are needed for one that is free.
    const two = view.actionItems.filter((item) => item.title === "item 0" || item.title === "item 1");
    for (const { id } of two) await deleteActionItem(ctx, { id });
    await addFollowUps(ctx, { incident: incident.id });
    expect((await readPostmortem(ctx, documents, { incident: incident.id })).followUps).toEqual([]);
  });

  test("are followed up by responders, once there is a postmortem", async () => {
    const { ctx, incident } = await markedOutage();
    await expect(addFollowUps(ctx, { incident: incident.id })).rejects.toMatchObject({ code: "not_found" });
    await requestPostmortem(ctx, documents, { incident: incident.id });
    const { ctx: viewer } = await someone("Vera", "viewer");
    await expect(addFollowUps(viewer, { incident: incident.id })).rejects.toMatchObject({ code: "forbidden" });
  });
});
