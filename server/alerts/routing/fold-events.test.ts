import { expect, test } from "vitest";
import type { NewEvent } from "#/server/events/index.ts";
import { FOLDED_FROM, folded } from "./fold-events.ts";

const alert = (n: number, type: NewEvent["type"] = "alert.attached"): NewEvent => ({
  incidentId: "i",
  type,
  data: { alertId: `a${n}`, alertTitle: `Alert ${n}`, name: `Alert ${n}`, service: "cart", rule: "r" },
});
const some = (count: number) => Array.from({ length: count }, (_, n) => alert(n));

test("a few alerts are entries of their own, many in a row are one that names the others", () => {
  expect(folded(some(FOLDED_FROM - 1))).toEqual(some(FOLDED_FROM - 1));
  const [one, ...rest] = folded(some(FOLDED_FROM));
  expect(rest).toEqual([]);
  expect(one).toMatchObject({ type: "alert.attached", data: { alertId: "a0", rule: "r" } });
  expect(one?.data).toMatchObject({ more: [{ alertId: "a1" }, { alertId: "a2" }, { alertId: "a3" }] });
});

test("what came in between keeps its place", () => {
  const events = [...some(4), alert(9, "alert.acknowledged"), ...some(2)];
  expect(folded(events).map(({ type }) => type)).toEqual([
    "alert.attached",
    "alert.acknowledged",
    "alert.attached",
    "alert.attached",
  ]);
});
