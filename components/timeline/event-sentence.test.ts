import { describe, expect, test } from "vitest";
import { knownTypes, plainSentence, sentenceOf } from "./event-sentence.ts";

function said(type: string, data: Record<string, unknown> = {}): string {
  return plainSentence(sentenceOf({ type, actor: { name: "Ada" }, data }));
}

describe("sentences of events", () => {
  test.each(knownTypes)("%s reads as a sentence even without data", (type) => {
    const sentence = said(type);
    expect(sentence.length).toBeGreaterThan(3);
    expect(sentence).not.toMatch(/undefined|null|\[object| {2}|: $/);
  });

  test.each([
    ["incident.declared", { severity: "SEV2" }, "Ada declared the incident as SEV2"],
    [
      "incident.status_changed",
      { from: "investigating", to: "identified" },
      "Ada changed the status from Investigating to Identified",
    ],
    ["incident.severity_changed", { from: null, to: "SEV1" }, "Ada changed the severity to SEV1"],
    ["incident.changed", { fields: ["impactText", "links"] }, "Ada changed the impact and links"],
    ["incident.changed", { fields: ["title"], from: "a", to: "b" }, "Ada changed the title to b"],
    ["incident.resolved", { summary: "Rolled back" }, "Ada resolved the incident: Rolled back"],
    ["incident.absorbed", { reference: "INC-3", title: "Slow" }, "Ada merged INC-3 Slow into this"],
    [
      "alert.attached",
      { alertTitle: "HighErrorRate", service: "checkout", text: "same service" },
      "HighErrorRate on checkout · same service",
    ],
    ["role.claimed", { role: "commander", holderName: "Ada" }, "Ada took commander"],
    ["role.taken_over", { role: "scribe", from: "Lin", reason: "asleep" }, "Ada took over scribe from Lin: asleep"],
    ["task.created", { title: "Roll back", owner: "Lin" }, "Ada added the task Roll back for Lin"],
    ["task.assigned", { title: "Roll back", owner: "Lin" }, "Ada gave Lin the task Roll back"],
    ["task.assigned", { title: "Roll back", owner: "Ada" }, "Ada took the task Roll back"],
    ["task.acknowledged", { title: "Roll back" }, "Ada has the task Roll back"],
    ["task.overdue", { title: "Roll back", owner: "Lin" }, "Lin's time for Roll back is over"],
    ["task.overdue", { title: "Roll back", owner: null }, "The time for Roll back is over, and nobody has it"],
    ["task.changed", { title: "Roll back", status: "cancelled" }, "Ada cancelled the task Roll back"],
    [
      "task.changed",
      { title: "Roll back", what: "time box", minutes: 10 },
      "Ada gave the task Roll back 10 more minutes",
    ],
    ["task.changed", { title: "Go", what: "renamed", from: "Went" }, "Ada renamed the task Went to Go"],
    ["runbook.tasks_made", { runbook: "checkout", count: 1 }, "Ada made 1 task from checkout"],
    [
      "update.published",
      { status: "identified", channels: ["status_page", "slack"] },
      "Update published, status Identified · status page and Slack",
    ],
    [
      "update.published",
      { status: "resolved", channels: ["status_page"], audiences: ["Directors", "Partners"] },
      "Update published, status Resolved · status page, Directors and Partners",
    ],
    ["people.told", { slack: true, emails: 3 }, "People were told: Slack and 3 e-mails"],
  ])("%s with its data", (type, data, sentence) => {
    expect(said(type, data)).toBe(sentence);
  });

  test("a kind from a newer server is told by its name", () => {
    expect(said("runbook.started")).toBe("Ada: Runbook started");
  });
});
