import { expect, test } from "vitest";
import type { PlannedUpdateView } from "#/server/updates/planned/contract.ts";
import { changedContent, textsOf } from "./planned-change.ts";

const resolving = {
  status: "resolved",
  body: "Over.",
  channels: ["status_page", "slack"],
  title: "Payments",
  components: [{ id: "c1", status: "degraded_performance" }],
  wordings: { slack: "All well." },
  audiences: ["a1"],
  dataLost: "no",
  nextUpdateAt: null,
} as const;
const planned = (more: object) => ({ body: "Over.", update: null, correction: null, ...more }) as PlannedUpdateView;
const ofUpdate = planned({ update: resolving });
const change = (before: PlannedUpdateView, texts: Partial<ReturnType<typeof textsOf>>) =>
  changedContent(before, { ...textsOf(before), ...texts });

test("texts as they were send no text, so that another time alone keeps the approval", () => {
  expect(change(ofUpdate, {})).toEqual({});
  expect(change(ofUpdate, { body: " Over. " })).toEqual({});
});

test("another text keeps the answers of what resolves, and all that the dialog does not show", () => {
  expect(change(ofUpdate, { body: "It is over." })).toEqual({ update: { ...resolving, body: "It is over." } });
  expect(change(ofUpdate, { title: " ", wordings: { slack: " Well. " } })).toEqual({
    update: { ...resolving, title: undefined, wordings: { slack: "Well." } },
  });
  expect(change(ofUpdate, { wordings: { slack: "" } }).update).not.toHaveProperty("wordings");
});

test("another status leaves out what it cannot say", () => {
  const { components: _, dataLost: __, nextUpdateAt: ___, ...ongoing } = resolving;
  expect(change(ofUpdate, { status: "monitoring" })).toEqual({ update: { ...ongoing, status: "monitoring" } });
  const going = { ...resolving, status: "identified", dataLost: undefined, nextUpdateAt: "2026-11-21T10:44:00Z" };
  const before = planned({ update: going });
  expect(change(before, { status: "monitoring" })).toEqual({ update: { ...going, status: "monitoring" } });
  const ended = change(before, { status: "resolved" }).update;
  expect(ended).toMatchObject({ status: "resolved", wordings: resolving.wordings, title: "Payments" });
  expect(ended).not.toHaveProperty("components");
  expect(ended).not.toHaveProperty("nextUpdateAt");
});

test("a correction keeps the words of its channels and whether mail goes again", () => {
  const correction = { updateId: "u1", body: "Over.", wordings: { slack: "All well." }, notify: true };
  expect(change(planned({ correction }), { body: "Nearly over." })).toEqual({
    correction: { body: "Nearly over.", wordings: { slack: "All well." }, notify: true },
  });
});
