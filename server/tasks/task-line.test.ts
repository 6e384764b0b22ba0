import { describe, expect, test } from "vitest";
import { TASK_MINUTES_MAX } from "./shared/lists.ts";
import { parseTaskLine } from "./shared/task-line.ts";

const people = [
  { id: "lin", name: "Lin Chen" },
  { id: "ada", name: "Ada Kovač" },
  { id: "sam1", name: "Sam Brown" },
  { id: "sam2", name: "Sam Green" },
  { id: "zoe", name: "Zoë" },
];

describe("a task typed in a hurry", () => {
  test.each([
    ["restart pods", "restart pods", null, null],
    ["restart pods @Lin 10m", "restart pods", "lin", 10],
    ["restart pods 10m @Lin", "restart pods", "lin", 10],
    ["@lin restart pods 10 min", "restart pods", "lin", 10],
    ["  ask @Ada Kovač about the pool 1h ", "ask about the pool", "ada", 60],
    ["roll back 1h30m", "roll back", null, 90],
    ["roll back 1h 30m", "roll back", null, 90],
    ["roll back 2 hours", "roll back", null, 120],
    ["wait 10m then restart", "wait 10m then restart", null, null],
    ["page @Zoë", "page", "zoe", null],
    ["page @Zoë, then wait", "page, then wait", "zoe", null],
    ["call @Sam 5m", "call @Sam", null, 5],
    ["call @Sam Green 5m", "call", "sam2", 5],
    ["mail ops@lin.example", "mail ops@lin.example", null, null],
    ["ask @Linus", "ask @Linus", null, null],
    ["@Lin", "@Lin", null, null],
    ["10m", "10m", null, null],
    ["@Lin 10m", "@Lin 10m", null, null],
    ["scale to 40m", "scale to", null, 40],
    ["scale to 400mb", "scale to 400mb", null, null],
    ["wait 0m", "wait 0m", null, null],
    [`wait ${TASK_MINUTES_MAX}m`, "wait", null, TASK_MINUTES_MAX],
    [`wait ${TASK_MINUTES_MAX + 1}m`, `wait ${TASK_MINUTES_MAX + 1}m`, null, null],
    ["", "", null, null],
  ])("%j", (line, title, ownerId, minutes) => {
    expect(parseTaskLine(line, people)).toEqual({ title, ownerId, minutes });
  });
});
