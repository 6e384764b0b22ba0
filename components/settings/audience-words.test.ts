import { describe, expect, it } from "vitest";
import { hearsBy, hearsOf } from "./audience-words.ts";

const one = (name: string | null) => ({ id: String(name), name });

describe("an audience in words", () => {
  it.each<[Partial<Parameters<typeof hearsOf>[0]>, string]>([
    [{}, "Every update"],
    [{ severities: ["SEV1", "SEV2"] }, "SEV1, SEV2"],
    [{ services: [one("checkout"), one(null)] }, "checkout, a service that is gone"],
    [{ severities: ["SEV1"], components: [one("Pay"), one(null)] }, "SEV1 · Pay, a component that is gone"],
  ])("hears of %j", (part, words) => {
    expect(hearsOf({ services: [], components: [], severities: [], ...part })).toBe(words);
  });
  it("hears by each of its ways, and by none", () => {
    const destinations = [
      { id: "1", name: "payments", kind: "teams" as const, enabled: true },
      { id: "2", name: "relay", kind: "webhook" as const, enabled: false },
    ];
    const none = { destinations: [], slackChannels: [], emails: [] };
    expect(hearsBy({ destinations, slackChannels: ["#pay"], emails: ["a@example.com"] })).toBe(
      "Microsoft Teams payments, Webhook relay (off), Slack #pay, E-mail to 1 address",
    );
    expect(hearsBy({ ...none, emails: ["a@example.com", "b@example.com"] })).toBe("E-mail to 2 addresses");
    expect(hearsBy(none)).toBe("");
  });
});
