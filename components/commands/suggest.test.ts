import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseLine } from "./parse-line.ts";
import { suggest } from "./suggest.ts";
import { linda, worldWith } from "./test-world.ts";

const world = worldWith();
const labels = (text: string, caret = text.length, known = world) =>
  suggest(text, caret, known)?.groups.flatMap((group) => group.options.map((option) => option.label)) ?? null;
function taken(text: string, at: number, caret = text.length) {
  const found = suggest(text, caret, world);
  const option = found?.groups.flatMap((group) => group.options)[at];
  return found && option ? { ...found.take(option), line: found.lineOf(option) } : null;
}

describe("suggest", () => {
  it("shows every command after a slash at the beginning, with what it takes", () => {
    const all = labels("/") ?? [];
    expect(all.map((label) => label.split(" ")[0])).toEqual(
      expect.arrayContaining([
        "/status",
        "/sev",
        "/role",
        "/task",
        "/decide",
        "/todo",
        "/update",
        "/next",
        "/page",
        "/resolve",
        "/pin",
        "/link",
      ]),
    );
    expect(labels("/se")).toEqual(["/sev SEV1 … SEV5"]);
    expect(labels("/invite")).toEqual([expect.stringContaining("/page")]);
  });

  it.each([["//"], ["/zzz"], ["a /"], ["/var/log"], ["/sev nonsense"], ["plain text"], [""]])(
    "is quiet at %j",
    (text) => {
      expect(labels(text)).toBeNull();
    },
  );

  it("completes a command by its name, and runs it when it needs nothing more", () => {
    expect(taken("/se", 0)).toEqual({ text: "/sev ", caret: 5, line: null });
    expect(taken("/resol", 0)).toEqual({ text: "/resolve ", caret: 9, line: "/resolve" });
  });

  it("completes arguments", () => {
    expect(labels("/sev ")).toEqual(["SEV1", "SEV2", "SEV3", "SEV4", "SEV5"]);
    expect(taken("/sev ", 1)).toEqual({ text: "/sev SEV2 ", caret: 10, line: "/sev SEV2" });
    expect(taken("/task Look @li", 1)).toEqual({ text: "/task Look @Linda ", caret: 18, line: null });
  });

  it("marks the first, unless what is typed is enough", () => {
    expect(suggest("/sev ", 5, world)?.marked).toBe(0);
    expect(suggest("/sev 2", 6, world)?.marked).toBe(-1);
    expect(suggest("/task Look @li", 14, world)?.marked).toBe(0);
  });

  it("names people after an @, anywhere in a note, and inserts the whole name", () => {
    expect(labels("ask @li")).toEqual(["Lin Wei", "Linda"]);
    expect(labels("ask @wei")).toEqual(["Lin Wei"]);
    expect(labels("ask @", 5, worldWith({}, { here: new Set([linda.id]) }))?.[0]).toBe("Linda");
    expect(taken("ask @li", 0)).toEqual({ text: "ask @Lin Wei ", caret: 13, line: null });
    expect(taken("ask @li about it", 0, 7)).toEqual({ text: "ask @Lin Wei about it", caret: 13, line: null });
  });

  it.each([["mail a@li"], ["@Linda"], ["@Lin Wei please"], ["@nobody"]])("leaves %j alone", (text) => {
    expect(labels(text)).toBeNull();
  });

  it("gives a viewer nothing to run", () => {
    const viewer = worldWith({}, { me: { id: "v", name: "Vera", canWrite: false, isAdmin: false } });
    expect(labels("/", 1, viewer)).toBeNull();
  });

  it("never throws, and what it completes stays a command or keeps the text around the caret", () => {
    const typed = fc.oneof(
      fc.string(),
      fc.stringMatching(/^\/[a-z]{0,8}( [a-zA-Z@ ]{0,20})?$/),
      fc.stringMatching(/^[a-z @]{0,30}$/),
    );
    fc.assert(
      fc.property(typed, fc.nat(40), (text, place) => {
        const caret = Math.min(place, text.length);
        const found = suggest(text, caret, world);
        for (const option of found?.groups.flatMap((group) => group.options) ?? []) {
          const next = found?.take(option);
          expect(next?.caret).toBeLessThanOrEqual(next?.text.length ?? 0);
          if (found?.key.startsWith("@")) expect(next?.text.endsWith(text.slice(caret).replace(/^ /, ""))).toBe(true);
          else expect(parseLine(next?.text ?? "").kind).toBe("command");
          const line = found?.lineOf(option);
          if (line) expect(parseLine(line).kind).toBe("command");
        }
      }),
    );
  });
});
