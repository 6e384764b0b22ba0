import { describe, expect, test } from "vitest";
import { type Board, fillTemplate, unknownFields } from "./fill-template.ts";
import { addressIn, lintUpdate } from "./lint-update.ts";
import { UPDATE_BODY_LENGTH_MAX, updateStatuses } from "./lists.ts";
import { byFit, holdingTemplate, isMeantFor, shippedTemplates } from "./templates.ts";

const now = new Date("2026-11-21T10:47:00Z");
const board: Board = {
  components: ["Checkout", "Search", "API"],
  services: ["checkout"],
  impactText: "About 4,200 failed orders; PayPal works",
  summary: "Half of **card payments** fail",
  severity: "SEV1",
  startedAt: new Date("2026-11-21T10:02:00Z"),
  endedAt: null,
};
const bare: Board = { ...board, components: [], services: [], impactText: "", summary: "", severity: null };

describe("filling a template", () => {
  test.each([
    ["{{components}} since {{ started }}", "Checkout, Search and API since 10:02 UTC"],
    ["{{impact}} We are on it.", "About 4,200 failed orders; PayPal works. We are on it."],
    ["We know: {{impact}}", "We know: About 4,200 failed orders; PayPal works."],
    ["{{impact}}, we think", "About 4,200 failed orders; PayPal works, we think"],
    ["{{summary}}", "Half of card payments fail."],
    ["{{severity}} for {{duration}}", "SEV1 for 45 min"],
    ["{{nonsense}} stays", "[nonsense] stays"],
  ])("%s", (body, filled) => {
    expect(fillTemplate(body, board, now)).toBe(filled);
  });

  test("what the board does not say is said by the template, or left as a gap", () => {
    expect(fillTemplate("{{components|our service}}: {{impact|[who?]}} {{services}}", bare, now)).toBe(
      "our service: [who?] [services]",
    );
    expect(fillTemplate("{{impact|}}We are on it.", bare, now)).toBe("We are on it.");
  });

  test("a board cannot bring fields of its own", () => {
    expect(fillTemplate("{{impact}}", { ...board, impactText: "{{summary}}" }, now)).toContain("{{summary}}");
  });

  test("unknown names are found", () => {
    expect(unknownFields("{{components}} {{title}} {{ hostname |x}}")).toEqual(["title", "hostname"]);
  });
});

describe("the shipped templates", () => {
  test.each(shippedTemplates.map((each) => [each.id, each] as const))("%s says what it should", (_, template) => {
    expect(unknownFields(template.body)).toEqual([]);
    expect(template.body.length).toBeLessThan(UPDATE_BODY_LENGTH_MAX);
    expect(addressIn(template.body)).toBeNull();
    const status = template.statuses[0] ?? "investigating";
    const body = fillTemplate(template.body, board, now);
    const findings = lintUpdate(
      { status, audience: "public", body, nextUpdateAt: now, hasMajorOutage: false },
      now,
    ).filter((each) => !each.isGood && each.rule !== "gap");
    // Whether data was lost nobody can know beforehand: its gap asks for it.
    expect(findings.filter((each) => each.rule !== "data")).toEqual([]);
  });

  test("there is one for every stage of every severity", () => {
    for (const severity of [null, "SEV1", "SEV5"] as const) {
      for (const status of updateStatuses) {
        expect(byFit(shippedTemplates, severity, status).meant, `${severity} ${status}`).not.toEqual([]);
      }
    }
  });
});

describe("which template", () => {
  const own = { ...holdingTemplate([], null), id: "own", severities: ["SEV1" as const], statuses: [] };
  test("fits by severity and stage; an empty list fits any", () => {
    expect(isMeantFor({ severities: [], statuses: [] }, null, "resolved")).toBe(true);
    expect(isMeantFor(own, "SEV1", "monitoring")).toBe(true);
    expect(isMeantFor(own, "SEV2", "monitoring")).toBe(false);
    expect(isMeantFor(own, null, "monitoring")).toBe(false);
    expect(byFit([own, ...shippedTemplates], "SEV2", "resolved").meant.map((each) => each.id)).toEqual(["resolved"]);
  });
  test("the team's holding statement comes before the shipped one, where it fits", () => {
    expect(holdingTemplate([own], "SEV1").id).toBe("own");
    expect(holdingTemplate([own], "SEV2").id).toBe("holding");
  });
});
