import { describe, expect, test } from "vitest";
import { addressIn, gapIn, type LintedUpdate, lintUpdate } from "./lint-update.ts";
import { dataLosses } from "./lists.ts";

const now = new Date("2026-11-21T10:24:00Z");
const at = new Date("2026-11-21T10:44:00Z");
const base: LintedUpdate = {
  status: "identified",
  audience: "public",
  body: "",
  nextUpdateAt: at,
  hasMajorOutage: false,
};
const lint = (body: string, more: Partial<LintedUpdate> = {}) => lintUpdate({ ...base, body, ...more }, now);
const bad = (body: string, more: Partial<LintedUpdate> = {}) =>
  lint(body, more).flatMap((each) => (each.isGood ? [] : [each.rule]));

describe("the lint", () => {
  test("has nothing to say about an empty text, and nothing against a good one", () => {
    expect(lint("  ")).toEqual([]);
    const good = "Card payments in Europe may fail; PayPal works.";
    expect(lint(good).map((each) => [each.rule, each.isGood])).toEqual([
      ["impact", true],
      ["next", true],
    ]);
  });

  test("every complaint says what to do", () => {
    const all = lint("[Who?] The outage on db-7 will be fixed in 20 minutes, rollback is at 40 %.", {
      nextUpdateAt: null,
    });
    expect(all.filter((each) => !each.isGood).map((each) => each.rule)).toEqual([
      "impact",
      "next",
      "gap",
      "promise",
      "progress",
      "address",
      "outage",
    ]);
    for (const each of all) expect(each.help, each.rule).not.toBe("");
  });

  test.each([
    ["This will be fixed in 20 minutes.", true],
    ["We expect to have service restored within the next hour.", true],
    ["ETA 11:30.", true],
    ["The pool will be back in 10 minutes.", true],
    ["Everything should be back shortly.", true],
    ["A fix is expected by 12:00 UTC.", true],
    ["In about 10 minutes payments should recover.", true],
    ["We hope to resolve this by tomorrow.", true],
    ["Rollback on the cluster should be done in 20 minutes.", true],
    ["We will tell you when it is over.", false],
    ["We are working on a fix.", false],
    ["A fix is in place. Payments were slow for 20 minutes.", false],
    ["Payments may fail. We will post another update in 20 minutes.", false],
    ["We will tell you more in 30 minutes.", false],
    ["We are restoring service, and errors are falling.", false],
  ])("a promise of a time to fix: %s", (body, isPromise) => {
    expect(bad(body).includes("promise")).toBe(isPromise);
  });

  test.each([
    ["Errors come from 10.0.3.17", "10.0.3.17"],
    ["Errors come from 10.0.3.17:5432.", "10.0.3.17:5432"],
    ["2001:db8::1 does not answer", "2001:db8::1"],
    ["The pool of checkout-7f9c is empty", "checkout-7f9c"],
    ["db-7 lags behind", "db-7"],
    ["db01 lags behind", "db01"],
    ["orders.prod.svc answers late", "orders.prod.svc"],
    ["replica.eu.internal is down", "replica.eu.internal"],
    ["Payments in eu-west-1 may fail since 10:02:31", null],
    ["Log in with OAuth-2 and TLS-1 at https://acme.example/help-2026", null],
    ["24-hour support, SEV-1, UTF-8, a well-known follow-up", null],
    ["Between 10:02 and 10:20 UTC 3.5 % failed", null],
  ])("a host name or address: %s", (body, found) => {
    expect(addressIn(body)).toBe(found);
  });

  test("inside, host names are welcome; the page's own address is known anyway", () => {
    expect(bad("db-7 fails", { audience: "internal" })).toEqual([]);
    expect(addressIn("See status-2.acme.example", "status-2.acme.example")).toBeNull();
  });

  test("gaps are what templates leave", () => {
    expect(gapIn("Since 10:02 [who is affected]")).toBe("[who is affected]");
    expect(gapIn("{{impact}} is unknown")).toBe("{{impact}}");
    expect(gapIn("Read [our notes](https://acme.example)")).toBeNull();
    expect(gapIn("Since 10:02 payments fail")).toBeNull();
  });

  test("the text and the field must not name two times", () => {
    expect(bad("Payments fail. Next update at 11:15 UTC.")).toEqual(["next"]);
    expect(bad("Payments fail. Next update at 10:44 UTC.")).toEqual([]);
    expect(bad("Payments fail.", { nextUpdateAt: null })).toEqual(["next"]);
  });

  test("at the end readers ask for their data, not for the next update", () => {
    const body = "Payments work again.";
    expect(bad(body, { status: "resolved", nextUpdateAt: null })).toEqual(["data"]);
    expect(bad(`${body} No data was lost.`, { status: "resolved", nextUpdateAt: null })).toEqual([]);
    for (const dataLost of dataLosses) {
      expect(bad(body, { status: "resolved", nextUpdateAt: null, dataLost })).toEqual([]);
    }
    expect(
      bad(`${body} Orders from 10:02 to 10:05 were lost; nothing was lost before.`, { status: "resolved" }),
    ).toEqual([]);
  });

  test("outage is the word when nothing works", () => {
    expect(bad("The outage affects everyone.")).toEqual(["outage"]);
    expect(bad("The outage affects everyone.", { hasMajorOutage: true })).toEqual([]);
  });
});

test("the longest text of one sentence is looked through without backtracking for seconds", () => {
  expect(bad("will fix 2001:db8:a-b-c-1 ".repeat(140))).toEqual(["impact", "address"]);
});
