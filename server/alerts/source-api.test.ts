import { describe, expect, it } from "vitest";
import { DETAILS_LINKS_MAX, DETAILS_TEXT_LENGTH_MAX, readPagerDutyIncident, readSentryEvent } from "./read-details.ts";
import { pagerDutyIdOf, sentryIdOf } from "./source-api.ts";

const subject = (url: string, dedupKey = "x") => ({
  source: "",
  dedupKey,
  labels: {},
  links: url ? [{ kind: "alert", title: "", url }] : [],
});

describe("the id at the sender", () => {
  it.each([
    [subject("https://acme.pagerduty.com/incidents/PFQZPSY"), "PFQZPSY"],
    [subject("https://acme.pagerduty.com/incidents/Q0FQZPSY12/timeline"), "Q0FQZPSY12"],
    [subject("", "PFQZPSY"), "PFQZPSY"],
    [subject("https://acme.pagerduty.com/services/PA2P440"), undefined],
    [subject("https://evil.example.com/incidents/..%2Fusers"), undefined],
  ])("of PagerDuty %#", (given, id) => {
    expect(pagerDutyIdOf(given)).toBe(id);
  });
  it.each([
    [subject("https://acme.sentry.io/issues/1635244907/"), "1635244907"],
    [subject("https://sentry.io/organizations/acme/issues/1635244907/?project=1"), "1635244907"],
    [subject("", "1635244907"), "1635244907"],
    [subject("https://sentry.io/issues/abc"), undefined],
  ])("of Sentry %#", (given, id) => {
    expect(sentryIdOf(given)).toBe(id);
  });
});

const frame = (name: string, line: number, inApp = true) => ({
  filename: `app/${name}.py`,
  function: name,
  lineNo: line,
  inApp,
});
const event = {
  title: "OperationalError",
  culprit: "checkout.pay",
  tags: [
    { key: "environment", value: "prod" },
    { key: "url", value: "https://shop.example.com/pay" },
    { key: "browser", value: "Firefox" },
  ],
  entries: [
    { type: "breadcrumbs", data: {} },
    {
      type: "exception",
      data: {
        values: [
          { type: "OSError", value: "connection refused", stacktrace: { frames: [frame("connect", 12)] } },
          {
            type: "OperationalError",
            value: "no database",
            stacktrace: { frames: [frame("main", 1), frame("lib", 2, false), frame("pay", 42)] },
          },
        ],
      },
    },
  ],
};

describe("what a sender says of an alert", () => {
  it("of Sentry is the exception, what caused it, and where, innermost first", () => {
    expect(readSentryEvent(event)).toEqual({
      text: [
        "OperationalError: no database",
        "  at pay (app/pay.py:42)",
        "  at main (app/main.py:1)",
        "OSError: connection refused",
        "  at connect (app/connect.py:12)",
        "in checkout.pay",
        "environment: prod",
        "url: https://shop.example.com/pay",
      ].join("\n"),
      links: [{ kind: "url", title: "Where it happened", url: "https://shop.example.com/pay" }],
    });
  });

  it("of PagerDuty is what its monitors sent, and everything that they link to", () => {
    const alerts = {
      alerts: [
        {
          summary: "disk full",
          html_url: "https://acme.pagerduty.com/alerts/A1",
          body: {
            details: { host: "db1", free: 0 },
            contexts: [
              { type: "link", href: "https://graphs.example.com/1", text: "Graph" },
              { type: "link", href: "javascript:alert(1)", text: "Bad" },
            ],
          },
        },
      ],
    };
    const incident = {
      incident: {
        title: "Disk",
        urgency: "high",
        service: { summary: "db" },
        html_url: "https://acme.pagerduty.com/incidents/P1",
      },
    };
    expect(readPagerDutyIncident(incident, alerts)).toEqual({
      text: "Disk\nservice: db\nurgency: high\ndisk full\nhost: db1\nfree: 0",
      links: [
        { kind: "incident", title: "Incident in PagerDuty", url: "https://acme.pagerduty.com/incidents/P1" },
        { kind: "link", title: "Graph", url: "https://graphs.example.com/1" },
        { kind: "alert", title: "Alert in PagerDuty", url: "https://acme.pagerduty.com/alerts/A1" },
      ],
    });
  });

  it.each([
    null,
    [],
    "text",
    5,
    {},
    { entries: [{ type: "exception", data: { values: [null, 5, { stacktrace: { frames: "x" } }] } }] },
  ])("of an unknown shape breaks nothing: %j", (given) => {
    expect(readSentryEvent(given)).toMatchObject({ text: expect.any(String), links: [] });
    expect(readPagerDutyIncident(given, given)).toMatchObject({ text: expect.any(String), links: [] });
  });

  it("has its limits", () => {
    const many = {
      alerts: Array.from({ length: 50 }, (_, n) => ({ summary: "x".repeat(400), html_url: `https://a.example/${n}` })),
    };
    const read = readPagerDutyIncident({}, many);
    expect(read.text).toHaveLength(DETAILS_TEXT_LENGTH_MAX);
    expect(read.links).toHaveLength(DETAILS_LINKS_MAX);
  });
});
