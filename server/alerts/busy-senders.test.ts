import { expect, test } from "vitest";
import { BusySenders, STORM_FROM, STORM_LASTS_MS, STORM_SPAN_MS } from "./busy-senders.ts";

test("a storm is so many deliveries within the span, and holds for a while after the last of them", () => {
  const senders = new BusySenders();
  for (let n = 0; n < STORM_FROM; n += 1) expect(senders.note("loud", n)).toBe(false);
  expect(senders.note("loud", STORM_FROM)).toBe(true);
  expect(senders.note("quiet", STORM_FROM)).toBe(false);
  expect(senders.note("loud", STORM_FROM + STORM_LASTS_MS - 1)).toBe(true);
  expect(senders.note("loud", STORM_FROM + STORM_LASTS_MS)).toBe(false);
});

test("the same number over a longer time is none", () => {
  const senders = new BusySenders();
  const pauseMs = Math.ceil(STORM_SPAN_MS / STORM_FROM) + 1;
  for (let n = 0; n < STORM_FROM * 5; n += 1) expect(senders.note("steady", n * pauseMs)).toBe(false);
});
