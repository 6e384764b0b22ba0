import { describe, expect, test } from "vitest";
import { TASK_TITLE_LENGTH_MAX } from "#/server/tasks/shared/lists.ts";
import { checklistOf } from "./checklist.ts";
import { RUNBOOK_LENGTH_MAX, RUNBOOK_STEPS_MAX } from "./shared/lists.ts";

const steps = (...lines: string[]) => checklistOf(lines.join("\n")).steps;

describe("the checklist of a runbook", () => {
  test("is its unticked boxes, whatever their bullets", () => {
    expect(
      steps("# Checkout", "Read this first.", "- [ ] one", "* [ ] two", "+ [ ] three", "1. [ ] four", "2) [ ] five"),
    ).toEqual(["one", "two", "three", "four", "five"]);
  });

  test("leaves out what is ticked, what is no box, and what stands in code", () => {
    expect(
      steps(
        "- [x] done",
        "- [X] done too",
        "- only a line",
        "- [ ]",
        "- [] no box",
        "- [a](b)",
        "```",
        "- [ ] in code",
        "```",
        "- [ ] left",
      ),
    ).toEqual(["left"]);
  });

  test("gives a nested step the words that it stands below", () => {
    expect(
      steps(
        "- [ ] Fail over",
        "  - [ ] drain eu-west",
        "    - [ ] wait for zero",
        "  - [ ] promote the replica",
        "- Database:",
        "\t- [ ] check the lag",
        "- [x] Backups",
        "  - [ ] test one",
        "",
        "## After",
        "  - [ ] alone",
      ),
    ).toEqual([
      "Fail over",
      "Fail over: drain eu-west",
      "Fail over: drain eu-west: wait for zero",
      "Fail over: promote the replica",
      "Database: check the lag",
      "Backups: test one",
      "alone",
    ]);
  });

  test("reads words, not marks; code stays as it is typed", () => {
    expect(steps("- [ ] **Look** at [the graph](https://g.example/x), then `kubectl get pods -l a_b=*`")).toEqual([
      "Look at the graph, then `kubectl get pods -l a_b=*`",
    ]);
  });

  test("tells steps of the same words apart", () => {
    expect(steps("- [ ] check", "- [ ] roll back", "- [ ] check", "- [ ] check")).toEqual([
      "check",
      "roll back",
      "check (2)",
      "check (3)",
    ]);
  });

  test("keeps a step within a task's title", () => {
    const [exact] = steps(`- [ ] ${"x".repeat(TASK_TITLE_LENGTH_MAX)}`);
    expect(exact).toBe("x".repeat(TASK_TITLE_LENGTH_MAX));
    const long = `- [ ] ${"x".repeat(TASK_TITLE_LENGTH_MAX + 1)}`;
    const [cut, second] = steps(long, long);
    expect(cut).toBe(`${"x".repeat(TASK_TITLE_LENGTH_MAX - 1)}…`);
    expect(second).toHaveLength(TASK_TITLE_LENGTH_MAX);
    expect(second).toMatch(/… \(2\)$/);
  });

  test(`has at most ${RUNBOOK_STEPS_MAX} steps, and says when there are more`, () => {
    const lines = (count: number) => Array.from({ length: count }, (_, n) => `- [ ] step ${n}`).join("\n");
    expect(checklistOf(lines(RUNBOOK_STEPS_MAX))).toMatchObject({ isCut: false });
    const more = checklistOf(lines(RUNBOOK_STEPS_MAX + 1));
    expect(more.isCut).toBe(true);
    expect(more.steps).toHaveLength(RUNBOOK_STEPS_MAX);
  });

  test.each([
    ["deep", Array.from({ length: 250 }, (_, n) => `${" ".repeat(n)}- [ ] ${n}`).join("\n")],
    ["marks", `- [ ] ${"**a".repeat(10_000)}`],
    ["brackets", `- [ ] ${"[".repeat(32_000)}`],
    ["links", `- [ ] ${"[a](b".repeat(6_000)}`],
    ["spaces", `${" ".repeat(32_000)}- [ ] x`],
    ["items", "- ".repeat(16_000)],
  ])("reads hostile text: %s", (_, text) => {
    const list = checklistOf(text.slice(0, RUNBOOK_LENGTH_MAX));
    for (const step of list.steps) expect(Array.from(step).length).toBeLessThanOrEqual(TASK_TITLE_LENGTH_MAX);
  });
});
