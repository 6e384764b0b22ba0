import { describe, expect, it } from "vitest";
import type { AudienceChoiceView } from "#/server/updates/contract.ts";
import { audienceLooks } from "./audience-badge.tsx";
import { audiencesInput, matchingOf, wayWords } from "./audience-words.ts";

describe("a way to an audience", () => {
  it.each([
    [{ channel: "teams", name: "payments", count: 1 }, "Teams payments"],
    [{ channel: "slack", name: "#pay", count: 1 }, "Slack #pay"],
    [{ channel: "email", name: null, count: 1 }, "E-mail to 1 address"],
    [{ channel: "email", name: null, count: 1204 }, "E-mail to 1,204 addresses"],
    [{ channel: "status_page", name: "Acme status", count: 1 }, "Status page Acme status"],
  ] as const)("%j is %s", (way, words) => expect(wayWords(way)).toBe(words));
});

describe("the audiences of an update", () => {
  const one = (id: string, part: Partial<AudienceChoiceView>): AudienceChoiceView => ({
    id,
    name: id,
    kind: "internal",
    isBuiltIn: false,
    isMatching: true,
    because: "",
    ways: [],
    ...part,
  });
  it("are those that hear by themselves, while nobody chooses", () => {
    const all = [
      one("public", { kind: "public", isBuiltIn: true }),
      one("partners", { kind: "public" }),
      one("directors", { isMatching: false }),
      one("support", {}),
    ];
    expect(matchingOf(all)).toEqual({ public: ["partners"], internal: ["support"] });
  });
  it.each([
    ["public", null, {}],
    ["public", { public: ["partners"], internal: ["support"] }, { audiences: ["partners", "support"] }],
    ["internal", { public: ["partners"], internal: ["support"] }, { audiences: ["support"] }],
    ["public", { public: [], internal: [] }, { audiences: [] }],
  ] as const)("%s, chosen by hand %j, are sent as %j", (audience, byHand, sent) => {
    expect(audiencesInput(audience, byHand)).toEqual(sent);
  });
});

it("public and internal share no word, sign, icon, edge or ground", () => {
  const { public: open, internal } = audienceLooks;
  for (const part of ["sign", "word", "hint", "icon", "frame", "chip"] as const) {
    expect(open[part]).not.toBe(internal[part]);
  }
  const shared = open.frame.split(" ").filter((each) => internal.frame.split(" ").includes(each));
  expect(shared).toEqual(["border-2"]);
});
