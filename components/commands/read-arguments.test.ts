import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  leadingName,
  MINUTES_MAX,
  minutesText,
  readMinutes,
  readPerson,
  readSeverity,
  readStatus,
  readTask,
} from "./read-arguments.ts";
import { ada, lin, linda } from "./test-world.ts";

const people = [ada, lin, linda];
const valueIn = (read: { ok: true; value: unknown } | { ok: false }) => (read.ok ? read.value : null);

describe("readMinutes", () => {
  it.each([
    ["20", 20],
    ["20m", 20],
    ["20 min", 20],
    ["1h", 60],
    ["1h30", 90],
    ["1 h 30 min", 90],
    ["2 hours", 120],
    [String(MINUTES_MAX), MINUTES_MAX],
    [String(MINUTES_MAX + 1), null],
    ["0", null],
    ["", null],
    ["-5", null],
    ["soon", null],
    ["1.5h", null],
    ["20 minutes from now", null],
  ])("%j is %s", (text, minutes) => {
    expect(valueIn(readMinutes(text))).toBe(minutes);
  });

  it("reads back what it writes", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: MINUTES_MAX }), (minutes) => {
        expect(readMinutes(minutesText(minutes))).toEqual({ ok: true, value: minutes });
      }),
    );
  });
});

describe("readSeverity and readStatus", () => {
  it.each([
    ["SEV1", "SEV1"],
    ["sev 2", "SEV2"],
    ["3", "SEV3"],
    ["6", null],
    ["", null],
    ["SEV", null],
  ])("severity %j is %s", (text, severity) => {
    expect(valueIn(readSeverity(text))).toBe(severity);
  });

  it.each([
    ["identified", "identified"],
    ["inv", "investigating"],
    ["i", null],
    ["RES", "resolved"],
    ["triage", null],
    ["", null],
  ])("status %j is %s", (text, status) => {
    expect(valueIn(readStatus(text))).toBe(status);
  });
});

describe("readPerson", () => {
  it.each([
    ["Ada Kovač", ada],
    ["@ada kovac", ada],
    ["ada", ada],
    ["me", lin],
    ["Linda", linda],
    ["Lin Wei", lin],
    ["lin", null],
    ["Bob", null],
    ["", null],
  ])("%j", (text, person) => {
    expect(valueIn(readPerson(text, people, lin))).toBe(person);
  });

  it("takes the longest name at the beginning, as a whole word", () => {
    expect(leadingName("Linda, please look", people)).toEqual({ found: linda, rest: ", please look" });
    expect(leadingName("@Lin Wei look", people)).toEqual({ found: lin, rest: "look" });
    expect(leadingName("Lindau is a town", people)).toBeNull();
  });
});

describe("readTask", () => {
  it.each([
    ["Roll back", "Roll back", null, null],
    ["Roll back @Lin Wei 20m", "Roll back", lin, 20],
    ["@Linda count the orders", "count the orders", linda, null],
    ["Roll back 1h30", "Roll back", null, 90],
    ["Ask @Nobody", "Ask @Nobody", null, null],
    ["Mail a@Linda", "Mail a@Linda", null, null],
    ["Restart pod 7", "Restart pod 7", null, null],
    ["20m", "20m", null, null],
    ["@Lin Wei", "", lin, null],
  ])("%j", (text, title, owner, minutes) => {
    expect(readTask(text, people)).toEqual({ title, owner, minutes });
  });

  it("loses no word that is no owner and no time", () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{3,9}$/), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 600 }), (parts, minutes) => {
        const title = parts.join(" ");
        expect(readTask(`${title} @Ada Kovač ${minutes}m`, people)).toEqual({ title, owner: ada, minutes });
        expect(readTask(title, people)).toEqual({ title, owner: null, minutes: null });
      }),
    );
  });
});
