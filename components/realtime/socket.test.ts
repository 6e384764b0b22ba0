import { describe, expect, it } from "vitest";
import { waitBeforeAttempt } from "./socket.ts";

describe("waitBeforeAttempt", () => {
  it("is any part of a wait that doubles up to half a minute", () => {
    expect(waitBeforeAttempt(0, 0)).toBe(0);
    expect(waitBeforeAttempt(0, 1)).toBe(500);
    expect(waitBeforeAttempt(3, 0.5)).toBe(2_000);
    expect(waitBeforeAttempt(50, 1)).toBe(30_000);
  });
});
