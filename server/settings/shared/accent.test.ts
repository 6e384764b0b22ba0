import { expect, it } from "vitest";
import { accentOf, contrast } from "./accent.ts";

it.each([
  ["#000000", "#ffffff", 21],
  ["#777777", "#ffffff", 4.48],
  ["#0a6aa8", "#0a6aa8", 1],
])("the contrast of %s and %s is %d", (a, b, ratio) => expect(contrast(a, b)).toBeCloseTo(ratio, 2));

it("a colour that can be read stays as it is, others move as little as they must", () => {
  expect(accentOf("#0a6aa8", "light").color).toBe("#0a6aa8");
  expect(accentOf("#56b4e9", "dark").color).toBe("#56b4e9");
  const yellow = accentOf("#ffe600", "light").color;
  expect(contrast(yellow, "#f1f3f6")).toBeGreaterThanOrEqual(4.5);
  expect(contrast(yellow, "#f1f3f6")).toBeLessThan(5.2);
});

it("any colour can be read in both themes, and so can what stands on it", () => {
  for (let n = 0; n < 4_096; n += 1) {
    const color = `#${[n >> 8, (n >> 4) & 15, n & 15].map((digit) => digit.toString(16).repeat(2)).join("")}`;
    for (const [theme, grounds] of [
      ["light", ["#f6f7f9", "#ffffff", "#f1f3f6"]],
      ["dark", ["#0d1014", "#14181e", "#1a1f27"]],
    ] as const) {
      const accent = accentOf(color, theme);
      for (const ground of grounds)
        expect(contrast(accent.color, ground), `${color} ${theme}`).toBeGreaterThanOrEqual(4.5);
      expect(contrast(accent.color, accent.ink), `on ${color} ${theme}`).toBeGreaterThanOrEqual(4.5);
    }
  }
});
