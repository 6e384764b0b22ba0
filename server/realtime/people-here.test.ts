import { describe, expect, test } from "vitest";
import { peopleHere, type TabHere } from "./people-here.ts";
import { assignColours, PERSON_COLOURS, preferredColour } from "./shared/person-colours.ts";

const tab = (userId: string, second: number, isIdle = false): TabHere => ({
  userId,
  name: userId.toUpperCase(),
  since: new Date(Date.UTC(2026, 10, 21, 10, 0, second)).toISOString(),
  isIdle,
});

describe("people here", () => {
  test("are one entry a person, in the order in which they came", () => {
    const people = peopleHere([tab("lin", 3), tab("ada", 2), tab("ada", 1)]);
    expect(people.map(({ name, since }) => [name, since])).toEqual([
      ["ADA", tab("ada", 1).since],
      ["LIN", tab("lin", 3).since],
    ]);
  });

  test("are idle when all their tabs are", () => {
    const idle = (...tabs: TabHere[]) => peopleHere(tabs)[0]?.idle;
    expect(idle(tab("ada", 1, true))).toBe(true);
    expect(idle(tab("ada", 1, true), tab("ada", 2, true))).toBe(true);
    expect(idle(tab("ada", 1, true), tab("ada", 2, false))).toBe(false);
    expect(idle(tab("ada", 1, false), tab("ada", 2, true))).toBe(false);
  });
});

describe("colours of people", () => {
  /** Ids that all prefer the same colour. */
  const rivals = (count: number) => {
    const ids: string[] = [];
    for (let n = 0; ids.length < count; n += 1) if (preferredColour(`person-${n}`) === 1) ids.push(`person-${n}`);
    return ids;
  };

  test("are the preferred one, or another while somebody has it", () => {
    const [ada = "", lin = ""] = rivals(2);
    expect(assignColours([ada]).get(ada)).toBe(1);
    expect(assignColours([lin]).get(lin)).toBe(1);
    const both = assignColours([ada, lin]);
    expect(both.get(ada)).toBe(1);
    expect(both.get(lin)).not.toBe(1);
  });

  test("differ while there are enough of them, and are spread evenly beyond", () => {
    const ids = rivals(PERSON_COLOURS * 2);
    expect(new Set(assignColours(ids.slice(0, PERSON_COLOURS)).values()).size).toBe(PERSON_COLOURS);
    const counts = Map.groupBy(assignColours(ids).values(), (colour) => colour);
    expect([...counts.values()].map((each) => each.length)).toEqual(new Array(PERSON_COLOURS).fill(2));
  });

  test("stay with those who stay", () => {
    const [ada = "", lin = "", sam = ""] = rivals(3);
    const first = assignColours([ada, lin]);
    const second = assignColours([lin, sam], first);
    expect(second.get(lin)).toBe(first.get(lin));
    expect(second.get(sam)).toBe(1);
    expect(second.has(ada)).toBe(false);
  });
});
