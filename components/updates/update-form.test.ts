import { describe, expect, test } from "vitest";
import type { IncidentView } from "#/server/incidents/contract.ts";
import type { UpdateView } from "#/server/updates/contract.ts";
import type { UpdateRulesView } from "#/server/updates/planned/contract.ts";
import { changesBetween } from "./changed-since.tsx";
import { whyNotYet } from "./composer-foot.tsx";
import { nextInstantOf } from "./next-choice.tsx";
import {
  brokenComponents,
  likelyStatus,
  nextUpdateOf,
  publishInput,
  seenOf,
  startOf,
  type UpdateForm,
  whyNotPublishable,
} from "./update-form.ts";

const nowMs = Date.parse("2026-03-01T10:00:30.000Z");
const form: UpdateForm = {
  status: "identified",
  audience: "public",
  title: " Payments ",
  channels: ["status_page", "slack"],
  byHand: null,
  components: [{ id: "c1", status: "partial_outage" }],
  next: { kind: "minutes", minutes: 20 },
  wordings: {},
};
function update(minute: number, components: [string, string][], more: Partial<UpdateView> = {}): UpdateView {
  return {
    audience: "public",
    title: `title ${minute}`,
    channels: ["status_page"],
    publishedAt: `2026-03-01T10:${String(minute).padStart(2, "0")}:00.000Z`,
    components: components.map(([id, newStatus]) => ({ id, name: id, oldStatus: "operational", newStatus })),
    ...more,
  } as UpdateView;
}

describe("the composer", () => {
  test.each([
    ["triage", "investigating"],
    ["monitoring", "monitoring"],
    ["closed", "resolved"],
  ] as const)("an incident in %s starts at %s", (status, expected) => {
    expect(likelyStatus(status)).toBe(expected);
  });
  test("starts with what the last public update said, and with all channels when there was none", () => {
    const incident = { status: "identified" } as IncidentView;
    const updates = [update(1, []), update(5, []), update(9, [], { audience: "internal", title: "inside" })];
    const rules = { pace: "usual", everyMinutes: 45, longMinutes: 60 } as UpdateRulesView;
    expect(startOf(incident, updates, rules)).toMatchObject({
      title: "title 5",
      channels: ["status_page"],
      next: { kind: "minutes", minutes: 45 },
    });
    expect(startOf(incident, [], rules).channels).toEqual(["status_page", "slack", "email"]);
  });
  test("the newest word about a component counts; operational ones are left out", () => {
    const updates = [
      update(1, [
        ["a", "major_outage"],
        ["b", "partial_outage"],
      ]),
      update(5, [["a", "operational"]]),
    ];
    expect(brokenComponents(updates)).toEqual([{ id: "b", status: "partial_outage" }]);
  });
  test("a resolved update names no components, an internal one stays off the page", () => {
    expect(publishInput(form, " text ", { nowMs })).toEqual({
      status: "identified",
      body: "text",
      channels: ["status_page", "slack"],
      audience: "public",
      title: "Payments",
      components: [{ id: "c1", status: "partial_outage" }],
      nextUpdateAt: "2026-03-01T10:21:00.000Z",
    });
    const end = publishInput({ ...form, status: "resolved" }, "x", { nowMs });
    expect(end).not.toHaveProperty("components");
    expect(end.nextUpdateAt).toBeNull();
    expect(publishInput({ ...form, audience: "internal" }, "x", { nowMs }).channels).toEqual(["slack"]);
  });
  test("words of a channel's own are sent where they differ and go somewhere", () => {
    const wordings = { slack: " Inside. ", email: "Nobody is mailed." };
    expect(publishInput({ ...form, wordings }, "x", { nowMs }).wordings).toEqual({ slack: "Inside." });
    for (const slack of ["x", "  "]) {
      expect(publishInput({ ...form, wordings: { slack } }, "x", { nowMs })).not.toHaveProperty("wordings");
    }
  });
  test.each([
    [{ kind: "minutes", minutes: 30 }, "2026-03-01T10:31:00.000Z"],
    [{ kind: "at", at: "2026-03-01T12:00:00.000Z" }, "2026-03-01T12:00:00.000Z"],
    [{ kind: "none" }, undefined],
  ] as const)("the next update by %o is at %s", (next, at) => {
    expect(nextUpdateOf({ ...form, next }, nowMs)?.toISOString()).toBe(at);
    expect(nextUpdateOf({ status: "resolved", next }, nowMs)).toBeNull();
  });
  test("a time of day is the next one that comes, in UTC", () => {
    expect(nextInstantOf("10:01", nowMs)).toBe("2026-03-01T10:01:00.000Z");
    expect(nextInstantOf("10:00", nowMs)).toBe("2026-03-02T10:00:00.000Z");
    expect(nextInstantOf("", nowMs)).toBeNull();
  });
  test("what changed since the writer looked is said, with who published", () => {
    const published = { id: "u2", publishedAt: "x", status: "monitoring", publishedBy: { id: "l", name: "Lin" } };
    const before = { updateId: "u1", status: "investigating", severity: null } as const;
    expect(changesBetween(before, before, [])).toEqual([]);
    expect(
      changesBetween(before, { updateId: "u2", status: "monitoring", severity: "SEV1" }, [published as UpdateView]),
    ).toEqual([
      "Lin published “Monitoring”.",
      "The status is monitoring now, not investigating.",
      "The severity is SEV1 now, not open.",
    ]);
    const updates = [update(1, [], { id: "u1" }), update(5, [], { id: "u5" })];
    expect(seenOf({ status: "monitoring", severity: "SEV2" }, updates).updateId).toBe("u5");
    expect(seenOf({ status: "monitoring", severity: "SEV2" }, []).updateId).toBeNull();
  });
  test("nothing is published without text or channel", () => {
    expect(whyNotYet(form, " ")).toMatch(/Write/);
    expect(whyNotYet({ ...form, channels: [] }, "x")).toMatch(/channel/);
    expect(whyNotYet({ ...form, audience: "internal", channels: ["status_page"] }, "x")).toMatch(/channel/);
    expect(whyNotYet(form, "x".repeat(3_501))).toMatch(/long/);
    expect(whyNotYet(form, "x")).toBe("");
  });
  test.each([
    [{ visibility: "private", mode: "live", status: "identified" }, /private/],
    [{ visibility: "public", mode: "drill", status: "identified" }, /drill/],
    [{ visibility: "public", mode: "live", status: "merged" }, /merged/],
  ] as const)("%o is not published", (incident, why) => {
    expect(whyNotPublishable(incident)).toMatch(why);
  });
});
