import { describe, expect, it } from "vitest";
import type { IncidentView } from "#/server/incidents/contract.ts";
import { inSections, isMatch, likelyTarget, mergeTargets, withHeard } from "./list-rules.ts";

function incident(id: string, change: Partial<IncidentView> = {}): IncidentView {
  return {
    id,
    reference: `INC-${id}`,
    title: `Incident ${id}`,
    status: "investigating",
    severity: null,
    suggestedSeverity: null,
    type: "incident",
    mode: "live",
    visibility: "public",
    summary: "",
    impactText: "",
    hypothesis: "",
    resolution: "",
    links: [],
    services: [],
    roles: [],
    times: { impactStartedAt: null, detectedAt: null, acknowledgedAt: null, mitigatedAt: null, impactEndedAt: null },
    customFields: {},
    version: 1,
    lastSeq: 1,
    declaredAt: `2026-11-21T10:0${id}:00.000Z`,
    acceptedAt: null,
    resolvedAt: null,
    closedAt: null,
    nextUpdateDueAt: null,
    updatedAt: "2026-11-21T10:00:00.000Z",
    declineReason: null,
    mergedInto: null,
    alertCounts: { firing: 0, total: 0 },
    ...change,
  };
}
const none = { status: "", severity: "", q: "" };
const heard = (...all: IncidentView[]) => new Map(all.map((each) => [each.id, each]));
const ids = (all: readonly IncidentView[]) => all.map((each) => each.id);

describe("withHeard", () => {
  it("takes the newer state of what is listed", () => {
    const [shown] = withHeard([incident("1")], heard(incident("1", { title: "New", lastSeq: 2 })), none);
    expect(shown?.title).toBe("New");
  });
  it("keeps what the server rendered when the fact is older", () => {
    const [shown] = withHeard(
      [incident("1", { lastSeq: 3 })],
      heard(incident("1", { title: "Old", lastSeq: 2 })),
      none,
    );
    expect(shown?.title).toBe("Incident 1");
  });
  it("adds what is new and matches, and nothing else", () => {
    const facts = heard(incident("2"), incident("3", { status: "resolved" }));
    expect(ids(withHeard([incident("1")], facts, { ...none, status: "investigating" }))).toEqual(["1", "2"]);
  });
  it("lets go of what left the chosen status", () => {
    const facts = heard(incident("1", { status: "resolved", lastSeq: 2 }));
    expect(withHeard([incident("1")], facts, { ...none, status: "investigating" })).toEqual([]);
  });
});

describe("isMatch", () => {
  it.each([
    [{ ...none, q: "inc-1" }, true],
    [{ ...none, q: "other" }, false],
    [{ ...none, severity: "SEV1" }, false],
    [{ ...none, status: "triage,investigating" }, true],
  ])("%o → %s", (filters, is) => {
    expect(isMatch(incident("1"), filters)).toBe(is);
  });
});

describe("inSections", () => {
  it("puts the worst first among those worked on, and the newest among equals", () => {
    const all = [
      incident("1"),
      incident("2", { severity: "SEV3" }),
      incident("3", { severity: "SEV1" }),
      incident("4"),
    ];
    expect(ids(inSections(all).active)).toEqual(["3", "2", "4", "1"]);
  });
  it("keeps triage and what is over apart", () => {
    const all = [incident("1", { status: "triage" }), incident("2", { status: "declined" })];
    const { triage, active, recent } = inSections(all);
    expect([ids(triage), ids(active), ids(recent)]).toEqual([["1"], [], ["2"]]);
  });
});

describe("merging", () => {
  const db = { id: "db", name: "payments-db" };
  const fresh = incident("9", { status: "triage", services: [db] });
  it("offers open incidents of the same mode, those of the same service first", () => {
    const open = [
      incident("1", { severity: "SEV1" }),
      incident("2", { services: [db] }),
      incident("3", { mode: "drill" }),
      incident("4", { status: "resolved" }),
      fresh,
    ];
    expect(ids(mergeTargets(fresh, open))).toEqual(["2", "1"]);
  });
  it("chooses only what is likely", () => {
    const other = incident("1");
    const same = incident("2", { services: [db] });
    expect(likelyTarget(fresh, [same, other])?.id).toBe("2");
    expect(likelyTarget(fresh, [other])?.id).toBe("1");
    expect(likelyTarget(fresh, [other, incident("3")])).toBeUndefined();
    expect(likelyTarget(fresh, [])).toBeUndefined();
  });
});
