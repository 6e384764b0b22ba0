import { describe, expect, it } from "vitest";
import { scheduleMaintenanceInput } from "#/server/maintenance/contract.ts";
import { blankMaintenance, maintenanceIn, spanOf, windowIn } from "./maintenance-form.ts";

function formOf(values: Record<string, string>, lists: Record<string, string[]> = {}): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(values)) form.set(name, value);
  for (const [name, list] of Object.entries(lists)) for (const value of list) form.append(name, value);
  return form;
}

describe("the form of a maintenance", () => {
  it("opens for tomorrow at a full hour", () => {
    const start = blankMaintenance(Date.parse("2026-11-21T10:20:00Z"));
    expect(start).toMatchObject({ from: "2026-11-22T11:00:00.000Z", until: "2026-11-22T12:00:00.000Z" });
    expect(start.reminders).toEqual([1440, 60]);
  });

  it("reads what the server takes", () => {
    const form = formOf(
      { title: "Upgrade", body: "Short.", from: "2026-11-22T22:00", span: "120", verifyMinutes: "15" },
      { components: ["a", "b"], reminders: ["1440", "15"], channels: ["email"], muteServices: ["checkout"] },
    );
    const input = maintenanceIn(form, { ...blankMaintenance(0), reminders: [2880, 60] });
    expect(input).toEqual({
      title: "Upgrade",
      body: "Short.",
      from: "2026-11-22T22:00:00.000Z",
      until: "2026-11-23T00:00:00.000Z",
      components: ["a", "b"],
      verifyMinutes: 15,
      reminders: [2880, 1440, 15],
      channels: ["email"],
      muteServices: ["checkout"],
    });
    expect(scheduleMaintenanceInput.parse(input)).toEqual(input);
  });

  it("takes an end of its own, and leaves what is missing to the server's words", () => {
    const own = { from: "2026-11-22T22:00", span: "until", until: "2026-11-22T22:45" };
    expect(windowIn(formOf(own))).toEqual({ from: "2026-11-22T22:00:00.000Z", until: "2026-11-22T22:45:00.000Z" });
    expect(windowIn(formOf({ from: "", span: "60" }))).toEqual({ from: "", until: "" });
    const before = { from: "2026-11-22T22:00:04.000Z", until: "2026-11-22T22:45:09.000Z" };
    expect(windowIn(formOf(own), before)).toEqual(before);
    const problem = scheduleMaintenanceInput.safeParse({ title: "x", body: "x", from: "", until: "" });
    expect(problem.error?.issues.map((issue) => issue.path[0])).toEqual(["from", "until"]);
  });

  it.each([
    ["2026-11-22T22:00:00Z", "2026-11-22T23:00:00Z", "60"],
    ["2026-11-22T22:00:00Z", "2026-11-22T22:45:00Z", "until"],
  ])("finds the length from %s to %s", (from, until, span) => expect(spanOf(from, until)).toBe(span));
});
