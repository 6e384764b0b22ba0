import { describe, expect, test } from "vitest";
import { auditDetail, auditObject } from "./audit-words.ts";

const entry = (objectKind: string, detail: Record<string, unknown>, names: Record<string, string> = {}) => ({
  objectKind,
  objectId: "id-1",
  detail,
  names,
});

describe("an entry of the audit log", () => {
  test.each([
    [entry("service", {}, { "id-1": "checkout" }), "service checkout"],
    [entry("service", { name: "old" }, { "id-1": "new" }), "service new"],
    [entry("service", { name: "gone" }), "service gone"],
    [entry("subscriber", { email: "a@example.com" }), "subscriber a@example.com"],
    [entry("integration", {}), "integration id-1"],
    [entry("session", {}), ""],
  ])("is about a thing by its name (%#)", (given, words) => {
    expect(auditObject(given)).toBe(words);
  });

  test("tells what changed, with names for ids", () => {
    const detail = { name: "checkout", ownerId: "id-2", tellEmails: ["a@x", "b@x"], runbookUrl: null, enabled: false };
    const names = { "id-1": "checkout", "id-2": "Lin Chen" };
    expect(auditDetail(entry("service", detail, names))).toBe(
      "owner: Lin Chen, tell emails: a@x, b@x, runbook url: none, enabled: false",
    );
  });

  test("tells a name that it does not have any more", () => {
    expect(auditDetail(entry("service", { name: "old" }, { "id-1": "new" }))).toBe("name: old");
  });
});
