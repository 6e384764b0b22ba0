import { describe, expect, it } from "vitest";
import { type Comparable, LIKENESS_MIN, likenessOf, tokensOf } from "./similarity.ts";

const base = Date.parse("2026-11-21T10:00:00Z");
function incident(given: Partial<Comparable> & { labelList?: string[] }): Comparable {
  const none = new Set<string>();
  return {
    title: "",
    serviceIds: [],
    serviceNames: [],
    labels: new Set(given.labelList ?? []),
    alertNames: none,
    dedupKeys: none,
    integrationIds: none,
    startedMs: base,
    ...given,
  };
}
const checkout = { serviceIds: ["s1"], serviceNames: ["checkout"] };

describe("how alike two incidents are", () => {
  it("is nothing for two that only happen at the same time", () => {
    expect(likenessOf(incident({ title: "Disk full" }), incident({ title: "Login fails" }))).toEqual({
      score: 0,
      reasons: [],
    });
  });
  it("is a hundred for the same, and says each reason, the strongest first", () => {
    const same = incident({
      ...checkout,
      title: "Checkout returns 5xx",
      labelList: ["region=eu-west", "cluster=a"],
      alertNames: new Set(["HighErrorRate"]),
      dedupKeys: new Set(["k1"]),
      integrationIds: new Set(["i1"]),
    });
    expect(likenessOf(same, same)).toEqual({
      score: 100,
      reasons: [
        "same service: checkout",
        "the same alert fires in both",
        "same words: checkout, returns, 5xx",
        "same alert name: HighErrorRate",
        "same labels: region=eu-west, cluster=a",
        "in the same minute",
      ],
    });
  });
  it("counts a dedup key within its integration only", () => {
    const key = { dedupKeys: new Set(["k1"]) };
    const one = incident({ ...key, integrationIds: new Set(["i1"]) });
    expect(likenessOf(one, incident({ ...key, integrationIds: new Set(["i2"]) })).score).toBe(0);
  });
  it("grows with nearness in time", () => {
    const at = (ms: number) => likenessOf(incident(checkout), incident({ ...checkout, startedMs: base + ms })).score;
    expect(at(60_000)).toBeGreaterThan(at(3 * 3_600_000));
    expect(at(3 * 3_600_000)).toBeGreaterThan(at(24 * 3_600_000));
  });
  it("a shared service or words of a title are enough to suggest; a label that is everywhere is not", () => {
    expect(likenessOf(incident(checkout), incident(checkout)).score).toBeGreaterThanOrEqual(LIKENESS_MIN);
    const title = "Payments queue grows";
    expect(likenessOf(incident({ title }), incident({ title })).score).toBeGreaterThanOrEqual(LIKENESS_MIN);
    const labels = { labelList: ["severity=critical", "env=prod"] };
    expect(likenessOf(incident(labels), incident(labels)).score).toBe(0);
  });
  it("is the same both ways", () => {
    const one = incident({ ...checkout, title: "Checkout slow", labelList: ["a=1", "b=2"] });
    const other = incident({ title: "Checkout down", labelList: ["a=1"], startedMs: base + 900_000 });
    expect(likenessOf(one, other).score).toBe(likenessOf(other, one).score);
  });
});

describe("the words of a title", () => {
  it("are small, apart, and without those that are in every title", () => {
    expect([...tokensOf("HighErrorRate on checkout-api (Zürich)")]).toEqual(["rate", "checkout", "api", "zürich"]);
  });
});
