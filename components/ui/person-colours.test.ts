import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { PERSON_COLOURS } from "#/server/realtime/shared/person-colours.ts";

const css = readFileSync("app/globals.css", "utf8");

/** The values of a colour in the light and in the dark theme. */
function valuesOf(name: string): [string, string] {
  const found = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\);`).exec(css);
  if (!found?.[1] || !found[2]) throw new Error(`there is no --${name}`);
  return [found[1], found[2]];
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

describe("the colours of people", () => {
  const names = Array.from({ length: PERSON_COLOURS }, (_, n) => `p${n + 1}`);

  test.each(names)("--%s carries initials in both themes, and has its class", (name) => {
    const letters = valuesOf("on-person");
    valuesOf(name).forEach((colour, theme) => {
      expect(contrast(colour, letters[theme] ?? "")).toBeGreaterThanOrEqual(4.5);
    });
    expect(css).toContain(`--color-${name}: var(--${name});`);
  });

  test("are all different", () => {
    expect(new Set(names.flatMap(valuesOf)).size).toBe(PERSON_COLOURS * 2);
  });
});
