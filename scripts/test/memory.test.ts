import { expect, test } from "vitest";
import { descendants, readProcesses } from "./memory.ts";

test("finds a process below another, however deep", () => {
  const rows = readProcesses(
    [
      "  10   1  900 npm start",
      "  11  10  800 sh -c node x",
      "  12  11 90112 node server/main.ts",
      "13 1 5 other",
    ].join("\n"),
  );
  expect(rows).toHaveLength(4);
  expect(descendants(rows, 10).map(({ pid }) => pid)).toEqual([10, 11, 12]);
  expect(descendants(rows, 10).at(-1)).toEqual({
    pid: 12,
    parent: 11,
    residentKb: 90_112,
    command: "node server/main.ts",
  });
});
