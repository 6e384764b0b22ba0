import { describe, expect, it } from "vitest";
import { type AudienceMatch, type MatchSubject, mayHear, mismatchOf } from "./match-rules.ts";

const any: AudienceMatch = { services: [], components: [], severities: [] };
const told: MatchSubject = { services: ["checkout"], components: ["pay"], severity: "SEV2" };

describe("whether an audience hears by itself", () => {
  it.each<[string, Partial<AudienceMatch>, Partial<MatchSubject>, string | null]>([
    ["one that asks for nothing hears everything", {}, { severity: null, services: [], components: [] }, null],
    ["its severity", { severities: ["SEV1", "SEV2"] }, {}, null],
    ["another severity", { severities: ["SEV1"] }, {}, "severity"],
    ["a severity that nobody has chosen", { severities: ["SEV1"] }, { severity: null }, "severity"],
    ["its service", { services: ["search", "checkout"] }, {}, null],
    ["another service", { services: ["search"] }, {}, "service"],
    ["an incident without services", { services: ["search"] }, { services: [] }, "service"],
    ["its component", { components: ["pay"] }, {}, null],
    ["another component", { components: ["api"] }, {}, "component"],
    ["updates that name no component", { components: ["api"] }, { components: [] }, null],
    ["all conditions at once", { services: ["checkout"], components: ["pay"], severities: ["SEV2"] }, {}, null],
    ["all conditions but one", { services: ["checkout"], components: ["pay"], severities: ["SEV3"] }, {}, "severity"],
  ])("%s", (_, match, subject, expected) => {
    expect(mismatchOf({ ...any, ...match }, { ...told, ...subject })).toBe(expected);
  });
});

it.each([
  ["public", "public", true],
  ["public", "internal", false],
  ["internal", "public", true],
  ["internal", "internal", true],
] as const)("a %s audience hears %s updates: %s", (kind, update, expected) => {
  expect(mayHear(kind, update)).toBe(expected);
});
