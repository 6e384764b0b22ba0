import { describe, expect, test } from "vitest";
import { parseDelivery } from "../delivery.ts";
import { timeOf } from "../mapping/time.ts";
import { readDelivery } from "../read-delivery.ts";
import type { AlertReport, ReadDelivery } from "../report.ts";
import { ALERTS_PER_DELIVERY_MAX } from "../shared/lists.ts";
import { sourceFile } from "./index.ts";

type Sent = { contentType?: string; query?: string; headers?: Record<string, string> };

function read(source: string, sent: unknown, { contentType = "", query = "", headers = {} }: Sent = {}): ReadDelivery {
  const text = typeof sent === "string" ? sent : JSON.stringify(sent);
  const body = new TextEncoder().encode(text);
  return readDelivery(source, null, parseDelivery({ body, contentType, query, headers, route: {} }));
}

function first(source: string, sent: unknown, how: Sent = {}): AlertReport {
  const [report] = read(source, sent, how).reports;
  if (report?.kind !== "alert") throw new Error(`${source} told no alert but ${JSON.stringify(report)}`);
  return report;
}

const grafana = (...alerts: object[]) => ({ status: "firing", alerts });
const alert = (status: string, fingerprint: string, more: object = {}) => ({
  status,
  fingerprint,
  labels: { alertname: "Disk full" },
  annotations: {},
  ...more,
});
const sns = (message: unknown, type = "Notification") => ({
  Type: type,
  TopicArn: "arn:aws:sns:eu-west-1:1:t",
  Message: typeof message === "string" ? message : JSON.stringify(message),
});

describe("[T1] batches", () => {
  test("hold firing and resolved alerts, each by itself, in their order", () => {
    const { reports, accepted } = read(
      "grafana-alerting",
      grafana(alert("firing", "a"), alert("resolved", "b"), alert("resolved", "a")),
    );
    expect(reports).toMatchObject([
      { dedupKey: "a", status: "firing" },
      { dedupKey: "b", status: "resolved" },
      { dedupKey: "a", status: "resolved" },
    ]);
    expect(accepted).toBe(3);
  });

  test("are not refused for one bad entry", () => {
    const { reports, accepted } = read("grafana-legacy", [
      { ruleId: 1, ruleName: "CPU", state: "alerting" },
      { what: "is this" },
    ]);
    expect(accepted).toBe(1);
    expect(reports).toMatchObject([{ title: "CPU" }, { title: expect.stringContaining("Unrecognised") }]);
    expect(read("grafana-alerting", grafana(alert("firing", "a"), { odd: true })).reports).toHaveLength(2);
  });
});

test.each<[string, unknown, Sent?]>([
  ["freshping", { webhook_event_data: { check_id: 1, check_name: "Example check", check_state_name: "Available" } }],
  [
    "honeybadger",
    { event: "up", message: "will now receive uptime alerts", site: { id: "s" }, outage: { down_at: null } },
  ],
  ["dynatrace", { PID: "99999", ProblemTitle: "Dynatrace problem notification test run", State: "OPEN" }],
  ["datadog", { title: "[Triggered] [TEST] CPU", alert_id: "1" }],
  ["grafana-alerting", grafana(alert("firing", "a", { labels: { alertname: "TestAlert", instance: "Grafana" } }))],
  ["grafana-legacy", { ruleName: "Test notification", ruleId: 7, state: "alerting" }],
  ["github", { zen: "Keep it logically awesome.", hook_id: 1 }, { headers: { "x-github-event": "ping" } }],
  [
    "aws-guardduty",
    { detail: { id: "1", title: "Brute force", severity: 2, service: { additionalInfo: { sample: true } } } },
  ],
  ["honeycomb", { id: "x", name: "Errors", status: "TRIGGERED", is_test: true }],
  ["gcp-monitoring", { version: "test", incident: { incident_id: "1", state: "open" } }],
  ["appoptics", { alert: { id: 1, name: "x" }, triggered_by_user_test: true }],
  ["appoptics", "payload=%7B%22alert%22%3A%7B%22id%22%3A1%7D%2C%22triggered_by_user_test%22%3Atrue%7D"],
])("[T2] a test of %s pages nobody", (source, body, how) => {
  const { reports, accepted, recognised } = read(source, body, how);
  expect(reports.map((report) => report.kind)).toEqual(["test"]);
  expect({ accepted, recognised }).toEqual({ accepted: 0, recognised: true });
});

test.each([
  ["aws-cloudwatch-sns", sns("You have chosen to subscribe", "SubscriptionConfirmation")],
  ["aws-cloudwatch-sns", sns("You have chosen to deactivate", "UnsubscribeConfirmation")],
  [
    "huawei-ces-smn",
    { type: "SubscriptionConfirmation", message: "You are invited", subscribe_url: "https://x.example" },
  ],
])("[T3] a handshake of %s is read from text/plain and makes no alert", (source, body) => {
  const { reports, accepted } = read(source, body, { contentType: "text/plain; charset=UTF-8" });
  expect(reports.map((report) => report.kind)).toEqual(["ignored"]);
  expect(accepted).toBe(0);
});

test.each([
  ["falco", { rule: "Shell in container", priority: "Notice", hostname: "h" }],
  ["graylog", { event_definition_id: "d", event_definition_title: "Errors", event: { key: "", priority: 3 } }],
  ["airbrake", { error: { id: "1", error_message: "boom" } }],
  ["aws-guardduty", { detail: { id: "1", title: "Brute force", severity: 8 } }],
])("[T4] without a status %s fires, and is known never to say that it is over", (source, body) => {
  expect(first(source, body).status).toBe("firing");
  expect(sourceFile(source)?.neverResolves).toBe(true);
});

test("[T4] Cronitor's old form tells the state in its text only", () => {
  const said = (description: string) => first("cronitor", { id: "m", monitor: "api", description }).status;
  expect(said("Your healthcheck has failed.")).toBe("firing");
  expect(said("All healthcheck assertions are passing on the last 2 attempts.")).toBe("resolved");
});

describe("[T6] the key is that of the problem, not of the message", () => {
  const pairs: [string, unknown, unknown][] = [
    [
      "coralogix",
      { uuid: "1", alert_id: "a", name: "x", alert_action: "trigger" },
      { uuid: "2", alert_id: "a", name: "x", alert_action: "resolve" },
    ],
    [
      "datadog",
      {
        event_id: "1",
        title: "[Triggered on {host:a}] CPU",
        body: "[[Monitor Status](https://app.datadoghq.com/monitors#7?group=host%3Aa)]",
      },
      {
        event_id: "2",
        title: "[Recovered on {host:a}] CPU",
        body: "[[Monitor Status](https://app.datadoghq.com/monitors#7?group=host%3Aa)]",
      },
    ],
    ["datadog", { id: "1", title: "[Triggered on {host:a}] CPU" }, { id: "2", title: "[Recovered on {host:a}] CPU" }],
    [
      "freshstatus",
      { id: "5", title: "Slow", status: "Open", event_data: { event_type: "INCIDENT_OPEN" } },
      {
        id: "99",
        incident_id: "5",
        title: "Slow",
        status: "",
        incident_status: "Closed",
        event_data: { event_type: "INCIDENT_NOTE_CREATE" },
      },
    ],
    [
      "flux-notification-controller",
      { involvedObject: { uid: "u", kind: "Kustomization", name: "web" }, severity: "error", reason: "BuildFailed" },
      {
        involvedObject: { uid: "u", kind: "Kustomization", name: "web" },
        severity: "info",
        reason: "ReconciliationSucceeded",
      },
    ],
    [
      "aws-eventbridge",
      {
        id: "1",
        "detail-type": "CloudWatch Alarm State Change",
        resources: ["arn:a"],
        detail: { alarmName: "x", state: { value: "ALARM" } },
      },
      {
        id: "2",
        "detail-type": "CloudWatch Alarm State Change",
        resources: ["arn:a"],
        detail: { alarmName: "x", state: { value: "OK" } },
      },
    ],
  ];
  test.each(pairs)("%s", (source, burning, over) => {
    const [began, ended] = [first(source, burning), first(source, over)];
    expect(began.dedupKey).toBe(ended.dedupKey);
    expect([began.status, ended.status]).toEqual(["firing", "resolved"]);
  });
});

test.each([
  ["gcp-monitoring", { incident: { incident_id: "1", state: "closed" } }],
  ["instana", { issue: { id: "1", state: "CLOSED" } }],
  ["better-stack", { event: "resolved", data: { id: "1", type: "incident", attributes: {} } }],
])("[T7] a thin resolve of %s says no title and no severity", (source, body) => {
  expect(first(source, body)).toMatchObject({ status: "resolved", dedupKey: "1", title: null, severity: null });
});

test.each<[string, unknown, string]>([
  ["azure-monitor-common", { data: { essentials: { alertId: "1", severity: "Sev0" } } }, "critical"],
  ["azure-monitor-common", { data: { essentials: { alertId: "1", severity: "Sev4" } } }, "info"],
  ["instana", { issue: { id: "1", severity: 10 } }, "critical"],
  ["instana", { issue: { id: "1", severity: 5 } }, "warning"],
  ["aws-guardduty", { detail: { id: "1", type: "x", severity: 8.9 } }, "critical"],
  ["aws-guardduty", { detail: { id: "1", type: "x", severity: 2 } }, "warning"],
  ["graylog", { event_definition_id: "1", event: { priority: 1 } }, "info"],
  ["graylog", { event_definition_id: "1", event: { priority: 4 } }, "critical"],
  ["falco", { rule: "r", priority: "Emergency" }, "critical"],
  ["falco", { rule: "r", priority: "Debug" }, "info"],
  [
    "huawei-ces-smn",
    { message: JSON.stringify({ data: { AlarmRuleName: "r", IsAlarm: true, AlarmLevel: "紧急" } }) },
    "critical",
  ],
  ["firehydrant", { data: { incident: { id: "1", severity: { slug: "SEV1" } } } }, "critical"],
  ["datadog", { title: "x", alert_priority: "P4" }, "info"],
  ["grafana-alerting", grafana(alert("firing", "a", { labels: { alertname: "x", severity: "spicy" } })), "warning"],
])("[T8] the severity of %s counts in its own direction: %j", (source, body, severity) => {
  expect(first(source, body).severity).toBe(severity);
});

test("[T8] a word that nobody knows is kept", () => {
  const body = grafana(alert("firing", "a", { labels: { alertname: "x", severity: "spicy" } }));
  expect(first("grafana-alerting", body).severityWord).toBe("spicy");
});

test("[T9] whole numbers above 2^53 stay what they are", () => {
  const error = '{"error": {"id": 1705190192091077626, "error_message": "x"}}';
  expect(first("airbrake", error).dedupKey).toBe("1705190192091077626");
  const event =
    '{"rule":"r","priority":"Error","hostname":"h","output_fields":{"evt.time.iso8601":1782486688958678476}}';
  expect(first("falco", event).labels["evt.time.iso8601"]).toBe("1782486688958678476");
});

test("[T10] a date in any form is read, and one that nobody can read fails no delivery", () => {
  const at = (startsAt: unknown) =>
    first("grafana-alerting", grafana(alert("firing", "a", { startsAt }))).startsAt?.toISOString();
  expect(at("2026-02-10T12:00:00.123456789+0100")).toBe("2026-02-10T11:00:00.123Z");
  for (const broken of ["0001-01-01T00:00:00Z", "soon", "", null, {}, "2026-13-45T99:99:99Z", "*date*"]) {
    expect(at(broken)).toBeUndefined();
  }
  const forms = [
    1770724800,
    1770724800000,
    "1770724800000000000",
    "2026-02-10 12:00:00 UTC",
    "2026-02-10 12:00:00 +0000 UTC",
    "Tue, 10 Feb 2026 12:00:00 GMT",
    "2026/02/10 20:00:00 GMT+08:00",
    "2/10/2026 12:00 PM",
    "February 10, 2026 1:00 PM BST",
    "20260210120000",
    "2026-02-10 12:00:00",
  ];
  expect(new Set(forms.map((form) => timeOf(form)?.toISOString()))).toEqual(new Set(["2026-02-10T12:00:00.000Z"]));
});

describe("[T11] encodings", () => {
  const json = '{"title":"Disk full","id":"d1"}';
  test.each<[string, string, Sent]>([
    [
      "JSON in a form field",
      `payload=${encodeURIComponent(json)}`,
      { contentType: "application/x-www-form-urlencoded" },
    ],
    [
      "JSON in a field named alert",
      `alert=${encodeURIComponent(json)}`,
      { contentType: "application/x-www-form-urlencoded" },
    ],
    ["a plain form", "title=Disk+full&id=d1", { contentType: "application/x-www-form-urlencoded" }],
    ["a query string", "", { query: "title=Disk%20full&id=d1" }],
    ["a wrong content type", json, { contentType: "text/plain" }],
    ["no content type", `\uFEFF${json}`, {}],
  ])("%s", (_name, body, how) => {
    expect(first("generic-json", body, how)).toMatchObject({ title: "Disk full", dedupKey: "d1" });
  });

  test("JSON in a JSON string", () => {
    const message = { AlarmName: "cpu", NewStateValue: "OK", AWSAccountId: "1", Region: "eu" };
    expect(first("aws-cloudwatch-sns", sns(message))).toMatchObject({
      title: "cpu",
      status: "resolved",
      dedupKey: "1:eu:cpu",
    });
  });
});

test("[T12] a template that was not filled in is shown, and read as nothing", () => {
  const coralogix = {
    alert_id: "a",
    name: "Errors",
    service: "$SERVICE",
    severity: "$EVENT_SEVERITY",
    alert_action: "trigger",
  };
  expect(first("coralogix", coralogix)).toMatchObject({ service: null, severity: null, title: "Errors" });
  const kibana = { ruleId: "r", ruleName: "Errors", severity: "{{context.severity}}", status: "active" };
  expect(first("elastic-kibana", kibana)).toMatchObject({ severity: null, title: "Errors" });
});

test.each([
  "/check_mk/index.py",
  "?orgId=1",
  "javascript:alert(1)",
  "harbor.example.com/x",
  "",
  null,
  "data:text/html,x",
  "<https://x|y>",
])("[T13] %j is no link, and no reason to refuse", (url) =>
  expect(first("checkmk", { host: "h", notification_type: "PROBLEM", status: "DOWN", url }).links).toEqual([]),
);

describe("[T14] one address, many shapes", () => {
  test("what is no alert is kept and pages nobody", () => {
    for (const type of ["monitor", "on_call_calendar", "heartbeat"]) {
      expect(read("better-stack", { event: "created", data: { id: "1", type, attributes: {} } })).toMatchObject({
        recognised: true,
        accepted: 0,
      });
    }
    expect(
      read("github", { action: "created", repository: { full_name: "a/b" }, issue: { title: "x" } }),
    ).toMatchObject({ recognised: true, accepted: 0 });
  });

  test("Azure's four schemas come to one address", () => {
    const context = { id: "r", name: "CPU", resourceId: "vm" };
    const schemas = [
      { data: { essentials: { alertRule: "CPU", alertId: "1", monitorCondition: "Fired" } } },
      { schemaId: "AzureMonitorMetricAlert", data: { status: "Activated", context } },
      { status: "Activated", context },
      { schemaId: "Microsoft.Insights/LogAlert", data: { AlertRuleName: "CPU" } },
    ];
    for (const body of schemas)
      expect(first("azure-monitor-common", body)).toMatchObject({ title: "CPU", status: "firing" });
  });

  test("GitHub's events are told without their header too", () => {
    const run = {
      action: "completed",
      workflow_run: { name: "ci", conclusion: "failure", workflow_id: 1, head_branch: "main" },
      repository: { full_name: "a/b" },
    };
    expect(first("github", run)).toMatchObject({ title: "ci: failure", status: "firing", dedupKey: "a/b:1:main" });
  });

  test.each(["grafana-alerting", "datadog", "github", "aws-cloudwatch-sns", "falco"])(
    "what %s is not known to send is raised, readable, and marked",
    (source) => {
      const { reports, recognised, accepted } = read(source, {
        subject: "Boiler too hot",
        state: "critical",
        boiler: 7,
      });
      expect({ recognised, accepted }).toEqual({ recognised: false, accepted: 0 });
      expect(reports).toMatchObject([{ kind: "alert", status: "firing", title: "Boiler too hot" }]);
      expect(read(source, { hello: 1 }).reports).toMatchObject([
        { status: "firing", title: expect.stringContaining("Unrecognised") },
      ]);
    },
  );
});

test.each<[string, unknown, object]>([
  [
    "azure-monitor-common",
    { data: { essentials: { alertId: "1", monitorCondition: "Fired" }, alertContext: { status: "Resolved" } } },
    { status: "firing" },
  ],
  [
    "aws-eventbridge",
    {
      "detail-type": "ECR Image Scan",
      resources: ["arn"],
      detail: { "scan-status": "COMPLETE", "finding-severity-counts": { CRITICAL: 1 } },
    },
    { status: "firing", severity: "critical" },
  ],
  [
    "aws-health",
    { detail: { eventTypeCode: "x", eventArn: "a", statusCode: "open", endTime: "Thu, 26 Jan 2023 13:44:13 GMT" } },
    { status: "firing" },
  ],
  [
    "harbor",
    {
      type: "SCANNING_COMPLETED",
      event_data: {
        resources: [
          {
            digest: "d",
            scan_overview: { "application/x; version=1.1": { scan_status: "Success", severity: "High" } },
          },
        ],
        repository: { repo_full_name: "r" },
      },
    },
    { status: "firing", severity: "error" },
  ],
  [
    "github",
    {
      action: "completed",
      check_run: { name: "lint", status: "completed", conclusion: "failure" },
      repository: { full_name: "a/b" },
    },
    { status: "firing" },
  ],
])("[T15] %s: a misleading status beside the true one", (source, body, told) => {
  expect(first(source, body)).toMatchObject(told);
});

test("[T16] a delivery of very many alerts is cut at the limit, which is named", () => {
  const many = Array.from({ length: ALERTS_PER_DELIVERY_MAX + 1 }, (_, n) => alert("firing", `f${n}`));
  expect(read("grafana-alerting", grafana(...many.slice(1))).accepted).toBe(ALERTS_PER_DELIVERY_MAX);
  expect(read("grafana-alerting", grafana(...many)).accepted).toBe(ALERTS_PER_DELIVERY_MAX);
});
