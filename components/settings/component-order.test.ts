import { describe, expect, it } from "vitest";
import { placeOnDrop, placeOnStep } from "./component-order.ts";

const at = (id: string, position: number, groupId: string | null = null, group = false) => ({
  id,
  position,
  groupId,
  group,
});
const [a, b, europe, c] = [at("a", 1), at("b", 2), at("europe", 3, null, true), at("c", 4)];
const [x, y] = [at("x", 1, "europe"), at("y", 2, "europe")];
const all = [a, b, europe, x, y, c];

describe("dropping a component", () => {
  it.each([
    ["a after b", a, b, "lower", { groupId: null, position: 2 }],
    ["a before b, where it is", a, b, "upper", null],
    ["b before a", b, a, "upper", { groupId: null, position: 1 }],
    ["c before the group", c, europe, "upper", { groupId: null, position: 3 }],
    ["c into the group", c, europe, "lower", { groupId: "europe", position: 1 }],
    ["c between those in the group", c, y, "upper", { groupId: "europe", position: 2 }],
    ["y out of the group", y, c, "lower", { groupId: null, position: 5 }],
    ["x after y in the group", x, y, "lower", { groupId: "europe", position: 2 }],
    ["x into its group, where it is first", x, europe, "lower", null],
    ["a on itself", a, a, "lower", null],
    ["the group after c", europe, c, "lower", { groupId: null, position: 4 }],
    ["the group into itself", europe, x, "upper", null],
  ] as const)("%s", (_, moved, target, half, place) => expect(placeOnDrop(moved, target, half)).toEqual(place));
});

it("steps within its group or the top, and not beyond", () => {
  expect(placeOnStep(a, all, -1)).toBeNull();
  expect(placeOnStep(c, all, 1)).toBeNull();
  expect(placeOnStep(x, all, 1)).toEqual({ groupId: "europe", position: 2 });
  expect(placeOnStep(y, all, 1)).toBeNull();
  expect(placeOnStep(europe, all, -1)).toEqual({ groupId: null, position: 2 });
});
