import { describe, expect, test } from "vitest";
import type { IncidentView } from "#/server/incidents/contract.ts";
import type { UpdateView } from "#/server/updates/contract.ts";
import {
  brokenComponents,
  likelyStatus,
  publishInput,
  startOf,
  type UpdateForm,
  whyNotPublishable,
} from "./update-form.ts";

const form: UpdateForm = {
  status: "identified",
  audience: "public",
  title: " Payments ",
  channels: ["status_page", "slack"],
  byHand: null,
  components: [{ id: "c1", status: "partial_outage" }],
  nextMinutes: null,
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
    expect(startOf(incident, updates)).toMatchObject({ title: "title 5", channels: ["status_page"] });
    expect(startOf(incident, []).channels).toEqual(["status_page", "slack", "email"]);
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
    expect(publishInput(form, " text ")).toEqual({
      status: "identified",
      body: "text",
      channels: ["status_page", "slack"],
      audience: "public",
      title: "Payments",
      components: [{ id: "c1", status: "partial_outage" }],
    });
    expect(publishInput({ ...form, status: "resolved" }, "x")).not.toHaveProperty("components");
    expect(publishInput({ ...form, audience: "internal" }, "x").channels).toEqual(["slack"]);
  });
  test.each([
    [{ visibility: "private", mode: "live", status: "identified" }, /private/],
    [{ visibility: "public", mode: "drill", status: "identified" }, /drill/],
    [{ visibility: "public", mode: "live", status: "merged" }, /merged/],
  ] as const)("%o is not published", (incident, why) => {
    expect(whyNotPublishable(incident)).toMatch(why);
  });
});
