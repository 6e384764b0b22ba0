import { describe, expect, test } from "vitest";
import { accepted, closed, declined, merged, reopened, resolved, statusChanged, unmerged } from "./rules.ts";
import { type IncidentStatus, incidentStatuses } from "./shared/lists.ts";
import type { IncidentRow } from "./store.ts";

const now = new Date("2026-11-21T10:00:00.000Z");

function incident(status: IncidentStatus, more: Partial<IncidentRow> = {}): IncidentRow {
  return { id: "a", reference: "INC-1", status, severity: null, suggestedSeverity: "SEV2", ...more } as IncidentRow;
}

/** From which statuses each step is allowed; from all others it is a conflict. */
const steps: [string, (row: IncidentRow) => Partial<IncidentRow>, IncidentStatus[], IncidentStatus][] = [
  ["accept", (row) => accepted(row, now), ["triage"], "investigating"],
  ["decline", (row) => declined(row, "noise"), ["triage"], "declined"],
  [
    "identify",
    (row) => statusChanged(row, "identified", now),
    ["investigating", "identified", "monitoring"],
    "identified",
  ],
  ["resolve", (row) => resolved(row, now, "done"), ["investigating", "identified", "monitoring"], "resolved"],
  ["reopen", (row) => reopened(row, now), ["resolved", "closed", "declined"], "investigating"],
  ["close", (row) => closed(row, now), ["resolved"], "closed"],
  ["unmerge", (row) => unmerged(row), ["merged"], "triage"],
];

describe.each(steps)("%s", (_name, step, allowed, becomes) => {
  test.each(incidentStatuses)("from %s", (status) => {
    if (allowed.includes(status)) expect(step(incident(status)).status).toBe(becomes);
    else expect(() => step(incident(status))).toThrow(expect.objectContaining({ code: "conflict" }));
  });
});

describe("accept", () => {
  test("takes the suggestion when no severity is said", () => {
    expect(accepted(incident("triage"), now).severity).toBe("SEV2");
  });
  test("prefers what is said", () => {
    expect(accepted(incident("triage"), now, "SEV1").severity).toBe("SEV1");
  });
});

describe("merge", () => {
  const open: IncidentStatus[] = ["triage", "investigating", "identified", "monitoring"];
  test.each(incidentStatuses)("a triage incident into one that is %s", (status) => {
    const target = incident(status, { id: "b" });
    if (open.includes(status))
      expect(merged(incident("triage"), target)).toMatchObject({ status: "merged", mergedIntoId: "b" });
    else expect(() => merged(incident("triage"), target)).toThrow(expect.objectContaining({ code: "conflict" }));
  });
  test("never into itself", () => {
    expect(() => merged(incident("triage"), incident("triage"))).toThrow("itself");
  });
  test("its undoing gives the status back", () => {
    const before = incident("identified");
    const change = merged(before, incident("triage", { id: "b" }));
    expect(unmerged({ ...before, ...change } as IncidentRow)).toMatchObject({
      status: "identified",
      mergedIntoId: null,
    });
  });
});
