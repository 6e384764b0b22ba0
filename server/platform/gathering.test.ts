import { expect, test } from "vitest";
import { Gathering } from "./gathering.ts";

/** Work that doubles numbers, and notes its groups; `refused` fails whatever group it is in. */
function doubling(groupMax: number, refused?: number) {
  const groups: number[][] = [];
  const gathering = new Gathering<number, number>(groupMax, async (group) => {
    groups.push([...group]);
    await new Promise((resolve) => setImmediate(resolve));
    if (refused !== undefined && group.includes(refused)) throw new Error(`not ${refused}`);
    return group.map((each) => each * 2);
  });
  return { gathering, groups };
}

test("what is asked together is one group, of at most so many", async () => {
  const { gathering, groups } = doubling(3);
  const answers = await Promise.all([1, 2, 3, 4].map((each) => gathering.ask(each)));
  expect(answers).toEqual([2, 4, 6, 8]);
  expect(groups).toEqual([[1, 2, 3], [4]]);
});

test("what is asked while a group is at work is answered by work that begins later", async () => {
  const { gathering, groups } = doubling(10);
  const first = gathering.ask(1);
  await new Promise((resolve) => setTimeout(resolve));
  const others = [gathering.ask(2), gathering.ask(3)];
  await Promise.all([first, ...others]);
  expect(groups).toEqual([[1], [2, 3]]);
  expect(await gathering.ask(4)).toBe(8);
});

test("one that fails fails alone", async () => {
  const { gathering } = doubling(10, 2);
  const answers = await Promise.allSettled([1, 2, 3].map((each) => gathering.ask(each)));
  expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
});
