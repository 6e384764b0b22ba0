import { expect, test } from "vitest";
import { hostileBody } from "#/server/testing/hostile-bodies.ts";
import { hostileOutcome } from "#/server/testing/hostile-outcome.ts";
import { seeded } from "#/server/testing/seeded.ts";
import { sourceNames } from "./sources/index.ts";

const BODIES = 10_000;

test(`${BODIES} spoilt bodies, by every source: reports that can be stored, or a refusal in words`, {
  timeout: 120_000,
}, () => {
  const random = seeded(20261121);
  const faults: string[] = [];
  const found = { read: 0, refused: 0 };
  for (let n = 0; n < BODIES; n += 1) {
    const { bytes, contentType, name } = hostileBody(random);
    const source = sourceNames[n % sourceNames.length] ?? "";
    try {
      found[hostileOutcome(source, bytes, contentType)] += 1;
    } catch (error) {
      faults.push(`${n} (${name}, ${source}): ${String(error)}`);
    }
  }
  expect(faults).toEqual([]);
  expect(found.read).toBeGreaterThan(BODIES / 5);
  expect(found.refused).toBeGreaterThan(BODIES / 5);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});
