import { expect, test } from "vitest";
import { AppError } from "#/server/platform/errors.ts";
import { hostileBody } from "#/server/testing/hostile-bodies.ts";
import { seeded } from "#/server/testing/seeded.ts";
import { parseDelivery } from "./delivery.ts";
import { readDelivery } from "./read-delivery.ts";
import { sourceNames } from "./sources/index.ts";

const BODIES = 10_000;

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)]);
}

/** What a body became: reports that can be stored, or a refusal in words. @throws whatever else happens */
function outcomeOf(source: string, bytes: Uint8Array, contentType: string): "read" | "refused" {
  try {
    const read = readDelivery(
      source,
      null,
      parseDelivery({ body: bytes, contentType, query: "", headers: {}, route: {} }),
    );
    const odd = textsIn(read).find((text) => text.includes("\u0000") || !text.isWellFormed());
    if (odd !== undefined) throw new Error(`a text that cannot be stored: ${JSON.stringify(odd)}`);
    if (read.reports.length === 0) throw new Error("no report at all");
    return "read";
  } catch (error) {
    if (error instanceof AppError && error.code === "invalid") return "refused";
    throw error;
  }
}

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
      found[outcomeOf(source, bytes, contentType)] += 1;
    } catch (error) {
      faults.push(`${n} (${name}, ${source}): ${String(error)}`);
    }
  }
  expect(faults).toEqual([]);
  expect(found.read).toBeGreaterThan(BODIES / 5);
  expect(found.refused).toBeGreaterThan(BODIES / 5);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});
