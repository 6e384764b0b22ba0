import { describe, expect, test } from "vitest";
import { type ServerRole, systemActor, type UserActor } from "#/server/access/index.ts";
import { nameFromEmail } from "./first-owner.ts";
import { requireNotAbove, requireOwnerLeft, requireReach, requireScopesWithin } from "./rules.ts";
import { createThrottle, FAILURE_WINDOW_MS } from "./throttle.ts";

function actor(role: ServerRole, scopes?: string[]): UserActor {
  return { kind: "user", userId: "u", name: "Ada", email: "ada@example.com", role, ...(scopes && { scopes }) };
}
const allowed = (work: () => void) => {
  try {
    work();
    return true;
  } catch {
    return false;
  }
};

test.each<[ServerRole, ServerRole[], boolean]>([
  ["owner", ["owner", "viewer"], true],
  ["admin", ["admin", "responder"], true],
  ["admin", ["owner"], false],
  ["admin", ["viewer", "owner"], false],
])("%s reaches %j: %s", (role, roles, expected) => {
  expect(allowed(() => requireReach(actor(role), ...roles))).toBe(expected);
  expect(allowed(() => requireReach(systemActor, ...roles))).toBe(true);
});

test("the last owner cannot go", () => {
  expect(() => requireOwnerLeft(0)).toThrow("last owner");
  expect(allowed(() => requireOwnerLeft(1))).toBe(true);
});

test.each<[ServerRole, ServerRole, boolean]>([
  ["owner", "owner", true],
  ["admin", "admin", true],
  ["admin", "owner", false],
  ["admin", "viewer", true],
])("%s makes a token for %s: %s", (role, holder, expected) => {
  expect(allowed(() => requireNotAbove(actor(role), holder))).toBe(expected);
});

test.each<[string[] | undefined, string[], boolean]>([
  [undefined, [], true],
  [[], ["incidents:read"], true],
  [["tokens:write"], [], false],
  [["tokens:write"], ["tokens:read"], true],
  [["tokens:write", "incidents:read"], ["incidents:write"], false],
])("a token with %j makes one with %j: %s", (own, scopes, expected) => {
  expect(allowed(() => requireScopesWithin(actor("owner", own), scopes))).toBe(expected);
});

test.each([
  ["ada.lovelace@example.com", "Ada Lovelace"],
  ["root@localhost", "Root"],
  ["...@example.com", "Owner"],
])("%s is called %s", (email, name) => {
  expect(nameFromEmail(email)).toBe(name);
});

describe("the throttle", () => {
  test("lets so many failures through in its window, and says how long to wait", () => {
    const throttle = createThrottle();
    for (let i = 0; i < 3; i++) throttle.attempt("a", 3, i * 1_000);
    expect(() => throttle.attempt("a", 3, 10_000)).toThrow(
      expect.objectContaining({ code: "rate_limited", retryAfterSeconds: FAILURE_WINDOW_MS / 1000 - 10 }),
    );
    throttle.attempt("b", 3, 10_000);
    throttle.attempt("a", 3, FAILURE_WINDOW_MS);
    expect(() => throttle.attempt("a", 3, FAILURE_WINDOW_MS)).toThrow();
  });

  test("does not count what turned out right", () => {
    const throttle = createThrottle();
    for (let i = 0; i < 50; i++) {
      throttle.attempt("a", 1, i);
      throttle.forgive("a");
    }
    expect(allowed(() => throttle.attempt("a", 1, 60))).toBe(true);
  });
});
