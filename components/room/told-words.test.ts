import { describe, expect, it } from "vitest";
import { toldName, toldState, toldSummary } from "./told-words.ts";

const told = (state: "sent" | "failed" | "queued" | "cancelled" | "unknown", attempts = 1) => ({
  id: "1",
  kind: "triage",
  channel: "slack" as const,
  destination: "C1",
  state,
  attempts,
  lastError: null,
  at: "2026-11-21T10:00:00.000Z",
});

describe("who was told, in words", () => {
  it.each([
    [{ channel: "email" as const, destination: "ops@example.com", kind: "triage" }, "Mail to ops@example.com"],
    [{ channel: "slack" as const, destination: "#ops", kind: "decision" }, "Slack #ops, the decision"],
    [{ channel: "slack" as const, destination: "C1", kind: "card" }, "Slack C1, the card"],
    [{ channel: "pagerduty" as const, destination: "pagerduty:…IJKL", kind: "triage" }, "PagerDuty …IJKL"],
    [
      { channel: "webhook" as const, destination: "webhook:https://a.example/…x1yz", kind: "triage" },
      "Webhook https://a.example/…x1yz",
    ],
    [{ channel: "source" as const, destination: "Opsgenie", kind: "source" }, "Opsgenie: it is over"],
  ])("%#: %s", (given, name) => {
    expect(toldName(given)).toBe(name);
  });

  it("says of each how it stands, and how often it was tried", () => {
    expect(toldState(told("sent"))).toEqual({ text: "✓ told", tone: "ok" });
    expect(toldState(told("failed", 3))).toEqual({ text: "! failed, 3 tries", tone: "bad" });
    expect(toldState(told("cancelled"))).toMatchObject({ tone: "plain" });
  });

  it("counts them", () => {
    const deliveries = [told("sent"), told("sent"), told("queued"), told("failed"), told("unknown"), told("cancelled")];
    expect(toldSummary({ deliveries })).toBe("2 told · 1 on the way · ! 2 failed");
    expect(toldSummary({ deliveries: [] })).toBe("0 told");
  });
});
