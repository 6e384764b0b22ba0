import { describe, expect, test } from "vitest";
import { parseDelivery } from "../delivery.ts";
import { readDelivery } from "../read-delivery.ts";
import type { AlertReport, ChangeReport, Report, SilentReport } from "../report.ts";

/** Shapes that vendors document and that no recorded payload shows: other events, older and newer versions. */
type Expected =
  | ({ kind: "alert" } & Partial<AlertReport>)
  | ({ kind: "change" } & Partial<ChangeReport>)
  | ({ kind: "test" | "ignored" } & Partial<SilentReport>);
type Sent = {
  source: string;
  name: string;
  body: unknown;
  headers?: Record<string, string>;
  contentType?: string;
  expected: Expected[];
};

function read({ source, body, headers = {}, contentType = "application/json" }: Sent): Report[] {
  const bytes = new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
  const delivery = parseDelivery({ body: bytes, query: "", contentType, headers, route: {} });
  const { reports, recognised } = readDelivery(source, null, delivery);
  expect(recognised).toBe(true);
  return reports;
}

const opsgenie = (action: string, alert: object = {}) => ({
  action,
  alert: { alertId: "a-1", alias: "disk", message: "Disk full", tags: ["prod", "service:cart"], ...alert },
});
const pagerduty = (type: string, data: object) => ({
  event: { id: "e", event_type: type, resource_type: "incident", occurred_at: "2026-02-10T12:00:00Z", data },
});
const incident = {
  id: "PINC1",
  type: "incident",
  title: "Queue grows",
  status: "acknowledged",
  urgency: "low",
  priority: { summary: "P1" },
  service: { summary: "orders" },
};
const kuma = (status: number, name = "Shop") => ({
  heartbeat: { monitorID: 4, status, time: "2026-02-10 12:00:00.000", msg: "HTTP 500" },
  monitor: { id: 4, name, url: "https://", tags: [{ name: "service", value: "storefront" }] },
  msg: `[${name}] HTTP 500`,
});
const terraform = (trigger: string, status: string | null) => ({
  run_url: "https://app.terraform.io/app/o/w/runs/run-1",
  run_id: "run-1",
  workspace_id: "ws-1",
  workspace_name: "network",
  notifications: [{ message: "Run", trigger, run_status: status, run_updated_at: null, run_updated_by: "ann" }],
});
const vercel = (type: string, target: string | null) => ({
  type,
  createdAt: 1_790_125_000_000,
  payload: { target, project: { id: "prj_1" }, deployment: { id: "dpl_1", name: "shop", url: "shop-1.vercel.app" } },
});
const statuspageComponent = (to: string) => ({
  page: { id: "p1" },
  component: { id: "c1", name: "API", status: to },
  component_update: { id: "u1", component_id: "c1", new_status: to, created_at: "2026-02-10T12:00:00Z" },
});
const issue = {
  id: "77",
  title: "TypeError",
  level: "fatal",
  status: "unresolved",
  project: { slug: "web" },
  web_url: "https://acme.sentry.io/issues/77/",
};

const sent: Sent[] = [
  ...[
    ["UnAcknowledge", "alert", "firing"],
    ["Delete", "alert", "resolved"],
    ["Escalate", "alert", "firing"],
  ].map(([action, , status]) => ({
    source: "opsgenie-webhook",
    name: `${action} is ${status}`,
    body: opsgenie(action as string, { priority: "P1" }),
    expected: [{ kind: "alert" as const, status: status as AlertReport["status"], dedupKey: "disk", service: "cart" }],
  })),
  ...["AddNote", "AddTags", "AssignOwnership", "My custom action"].map((action) => ({
    source: "opsgenie-webhook",
    name: `${action} says nothing of the problem`,
    body: opsgenie(action),
    expected: [{ kind: "ignored" as const, title: "Disk full" }],
  })),
  {
    source: "jira-service-management-alerts",
    name: "details name the service before the entity",
    body: opsgenie("Close", { entity: "host-3", details: { service: "checkout" } }),
    expected: [{ kind: "alert", status: "resolved", dedupKey: "disk", service: "checkout" }],
  },
  {
    source: "pagerduty-webhooks-v3",
    name: "a new priority of an acknowledged incident",
    body: pagerduty("incident.priority_updated", incident),
    expected: [{ kind: "alert", status: "acknowledged", severity: "critical", dedupKey: "PINC1", service: "orders" }],
  },
  {
    source: "pagerduty-webhooks-v3",
    name: "one that is no longer acknowledged fires",
    body: pagerduty("incident.unacknowledged", { ...incident, status: "triggered" }),
    expected: [{ kind: "alert", status: "firing", severity: "critical" }],
  },
  {
    source: "pagerduty-webhooks-v3",
    name: "a note",
    body: pagerduty("incident.annotated", { type: "incident_note", incident: { summary: "[#1] Queue grows" } }),
    expected: [{ kind: "ignored", title: "incident.annotated: [#1] Queue grows" }],
  },
  {
    source: "pagerduty-webhooks-v3",
    name: "the test event",
    body: pagerduty("pagey.ping", { message: "Hello from your friend Pagey!", type: "ping" }),
    expected: [{ kind: "test", title: "Hello from your friend Pagey!" }],
  },
  {
    source: "pagerduty-webhooks-v1",
    name: "version 2: trigger and resolve in one",
    body: {
      messages: ["incident.trigger", "incident.resolve", "incident.annotate"].map((event) => ({
        id: event,
        event,
        created_on: "2026-02-10T12:00:00Z",
        incident: {
          id: "P7",
          incident_key: null,
          title: "Latency",
          urgency: "high",
          service: { name: "search" },
          html_url: "https://acme.pagerduty.com/incidents/P7",
        },
      })),
    },
    expected: [
      { kind: "alert", status: "firing", title: "Latency", dedupKey: "P7", service: "search", severity: "error" },
      { kind: "alert", status: "resolved", dedupKey: "P7" },
      { kind: "ignored" },
    ],
  },
  {
    source: "sentry-integration-platform",
    name: "an event of an issue alert has the key of its issue",
    headers: { "sentry-hook-resource": "event_alert" },
    body: {
      action: "triggered",
      data: {
        triggered_rule: "Many errors",
        event: {
          event_id: "e1",
          issue_id: "77",
          title: "TypeError",
          level: "error",
          project: 1,
          url: "https://sentry.io/api/0/projects/acme/web/events/e1/",
          web_url: "https://sentry.io/organizations/acme/issues/77/events/e1/",
        },
      },
    },
    expected: [
      { kind: "alert", status: "firing", title: "TypeError", dedupKey: "77", service: "web", severity: "error" },
    ],
  },
  {
    source: "sentry-integration-platform",
    name: "an issue that is archived ends",
    body: { action: "archived", data: { issue: { ...issue, status: "ignored" } } },
    expected: [{ kind: "alert", status: "resolved", dedupKey: "77", severity: "critical", service: "web" }],
  },
  {
    source: "sentry-integration-platform",
    name: "an issue that comes back fires",
    body: { action: "unresolved", data: { issue } },
    expected: [
      {
        kind: "alert",
        status: "firing",
        dedupKey: "77",
        links: [
          { kind: "source", title: "Sentry", url: issue.web_url },
          { kind: "source", title: "Sentry", url: "https://sentry.io/issues/77/" },
        ],
      },
    ],
  },
  ...(
    [
      ["critical", "firing", "critical"],
      ["warning", "firing", "warning"],
      ["resolved", "resolved", null],
    ] as const
  ).map(([action, status, severity]) => ({
    source: "sentry-integration-platform",
    name: `a metric alert that is ${action}`,
    body: {
      action,
      data: {
        metric_alert: { id: "7", projects: ["backend"], alert_rule: { name: "Too many errors" } },
        description_title: "Too many errors",
        web_url: "https://sentry.io/organizations/acme/alerts/7/",
      },
    },
    expected: [
      { kind: "alert" as const, status, severity, title: "Too many errors", dedupKey: "7", service: "backend" },
    ],
  })),
  {
    source: "sentry-integration-platform",
    name: "an installation",
    headers: { "sentry-hook-resource": "installation" },
    body: { action: "created", data: { installation: { uuid: "u" } }, installation: { uuid: "u" } },
    expected: [{ kind: "ignored", title: "installation: created" }],
  },
  {
    source: "newrelic-workflows",
    name: "an acknowledgement leaves the issue activated",
    body: { id: "i1", title: "High CPU", state: "ACTIVATED", trigger: "USER_ACTION", priority: "HIGH" },
    expected: [{ kind: "alert", status: "acknowledged", dedupKey: "i1", severity: "error" }],
  },
  {
    source: "newrelic-workflows",
    name: "one of several incidents closed",
    body: { issueUrl: "https://one.newrelic.com/issues/i2?x=1", state: "ACTIVATED", trigger: "INCIDENT_CLOSED" },
    expected: [{ kind: "alert", status: "firing", dedupKey: "i2", title: null }],
  },
  ...(
    [
      ["open", "firing"],
      ["acknowledged", "acknowledged"],
      ["closed", "resolved"],
    ] as const
  ).map(([current_state, status]) => ({
    source: "newrelic-alerts-legacy",
    name: current_state,
    body: { current_state, incident_id: 42, condition_name: "CPU", severity: "CRITICAL", targets: [{ name: "web-1" }] },
    expected: [
      { kind: "alert" as const, status, title: "CPU", dedupKey: "42", severity: "critical" as const, service: "web-1" },
    ],
  })),
  {
    source: "newrelic-alerts-legacy",
    name: "the test of a channel",
    body: { current_state: "test", incident_id: 0, condition_name: "Test Condition" },
    expected: [{ kind: "test", title: "Test Condition" }],
  },
  {
    source: "newrelic-rpm-legacy",
    name: "an alert that ended",
    contentType: "application/x-www-form-urlencoded",
    body: `alert=${encodeURIComponent(
      JSON.stringify({
        application_name: "Shop",
        severity: "critical",
        short_description: "[Shop] alert ended",
        alert_url: "https://rpm.newrelic.com/accounts/1/applications/2/incidents/3",
      }),
    )}`,
    expected: [{ kind: "alert", status: "resolved", dedupKey: "3", service: "Shop" }],
  },
  {
    source: "newrelic-rpm-legacy",
    name: "a deployment",
    contentType: "application/x-www-form-urlencoded",
    body: `deployment=${encodeURIComponent(JSON.stringify({ application_name: "Shop", revision: "r9", deployed_by: "ann" }))}`,
    expected: [{ kind: "change", change: "deploy", state: "succeeded", service: "Shop", by: "ann" }],
  },
  { source: "uptime-kuma", name: "pending", body: kuma(2), expected: [{ kind: "ignored", title: "Shop: HTTP 500" }] },
  { source: "uptime-kuma", name: "maintenance", body: kuma(3), expected: [{ kind: "ignored" }] },
  {
    source: "uptime-kuma",
    name: "a tag names the service, and an empty address is no link",
    body: kuma(0),
    expected: [{ kind: "alert", status: "firing", dedupKey: "4", service: "storefront", links: [] }],
  },
  {
    source: "uptime-kuma",
    name: "the test button",
    body: { heartbeat: null, monitor: null, msg: "Muster Testing" },
    expected: [{ kind: "test", title: "Muster Testing" }],
  },
  {
    source: "uptime-kuma",
    name: "a certificate that runs out comes without its monitor",
    body: { msg: "[Shop][https://shop.example] server certificate shop.example will expire in 7 days" },
    expected: [{ kind: "alert", status: "firing", dedupKey: "[Shop][https://shop.example]", service: "Shop" }],
  },
  {
    source: "terraform-cloud",
    name: "verification",
    body: { ...terraform("verification", null), run_id: null, workspace_name: null },
    expected: [{ kind: "test", title: "Run" }],
  },
  {
    source: "terraform-cloud",
    name: "a run that was applied ends the alert and is a change",
    body: terraform("run:completed", "applied"),
    expected: [
      { kind: "alert", status: "resolved", dedupKey: "ws-1" },
      { kind: "change", change: "config", state: "succeeded", dedupKey: "run-1", service: "network", by: "ann" },
    ],
  },
  {
    source: "terraform-cloud",
    name: "a plan that waits",
    body: terraform("run:needs_attention", "planned"),
    expected: [{ kind: "ignored" }],
  },
  {
    source: "terraform-cloud",
    name: "drift",
    body: terraform("assessment:drifted", null),
    expected: [{ kind: "alert", status: "firing", severity: "warning", dedupKey: "ws-1/assessment" }],
  },
  {
    source: "vercel",
    name: "a deployment that succeeds ends the failure of its target",
    body: vercel("deployment.succeeded", "production"),
    expected: [
      { kind: "alert", status: "resolved", dedupKey: "prj_1/production", service: "shop" },
      { kind: "change", state: "succeeded", dedupKey: "dpl_1" },
    ],
  },
  {
    source: "vercel",
    name: "one that is cancelled neither fires nor ends anything",
    body: vercel("deployment.canceled", null),
    expected: [{ kind: "change", state: "stopped", dedupKey: "dpl_1" }],
  },
  {
    source: "vercel",
    name: "a failed preview is no great matter",
    body: vercel("deployment.error", null),
    expected: [
      { kind: "alert", status: "firing", severity: "info", dedupKey: "prj_1" },
      { kind: "change", state: "failed" },
    ],
  },
  {
    source: "netlify",
    name: "a deploy that failed, and one that is ready",
    body: [
      { id: "d1", site_id: "s1", name: "shop", branch: "main", state: "error", context: "production" },
      { id: "d2", site_id: "s1", name: "shop", branch: "main", state: "ready", context: "production" },
    ],
    expected: [
      { kind: "alert", status: "firing", severity: "error", dedupKey: "s1/main" },
      { kind: "change", state: "failed", dedupKey: "d1" },
      { kind: "alert", status: "resolved", dedupKey: "s1/main" },
      { kind: "change", state: "succeeded", dedupKey: "d2" },
    ],
  },
  ...(
    [
      ["major_outage", "firing", "critical"],
      ["degraded_performance", "firing", "warning"],
      ["operational", "resolved", null],
    ] as const
  ).map(([to, status, severity]) => ({
    source: "statuspage",
    name: `a component in ${to}`,
    body: statuspageComponent(to),
    expected: [{ kind: "alert" as const, status, severity, dedupKey: "c1", service: "API", title: `API: ${to}` }],
  })),
  {
    source: "statuspage",
    name: "a maintenance window is a change",
    body: {
      page: { id: "p" },
      incident: { id: "m1", name: "Upgrade", status: "in_progress", impact: "maintenance", components: [] },
    },
    expected: [{ kind: "change", change: "maintenance", state: "in_progress", dedupKey: "m1" }],
  },
  {
    source: "updown",
    name: "a certificate apart from the outage",
    body: [
      { event: "check.ssl_invalid", check: { token: "t1", url: "https://a.example", alias: "A" } },
      { event: "check.ssl_valid", check: { token: "t1", url: "https://a.example", alias: "A" } },
    ],
    expected: [
      { kind: "alert", status: "firing", dedupKey: "t1/ssl", severity: "warning", title: "A: check.ssl_invalid" },
      { kind: "alert", status: "resolved", dedupKey: "t1/ssl" },
    ],
  },
  {
    source: "rollbar",
    name: "a reactivated item",
    body: {
      event_name: "reactivated_item",
      data: { url: "https://rollbar.com/i/1", item: { id: 9, title: "Boom", level: 50, environment: "prod" } },
    },
    expected: [{ kind: "alert", status: "firing", severity: "critical", dedupKey: "9", title: "Boom" }],
  },
  {
    source: "rollbar",
    name: "the test notification",
    body: { event_name: "test", data: { message: "This is a test payload from Rollbar." } },
    expected: [{ kind: "test" }],
  },
  {
    source: "jira",
    name: "an issue that is done ends",
    body: {
      webhookEvent: "jira:issue_updated",
      issue: {
        key: "OPS-1",
        self: "https://acme.atlassian.net/rest/api/2/issue/1",
        fields: {
          summary: "Shop down",
          priority: { name: "Highest" },
          status: { name: "Released", statusCategory: { key: "done" } },
          project: { key: "OPS" },
        },
      },
    },
    expected: [
      {
        kind: "alert",
        status: "resolved",
        severity: "critical",
        dedupKey: "OPS-1",
        links: [{ kind: "source", title: "Jira", url: "https://acme.atlassian.net/browse/OPS-1" }],
      },
    ],
  },
  {
    source: "jira",
    name: "a comment",
    body: {
      webhookEvent: "comment_created",
      comment: { body: "x" },
      issue: { key: "OPS-1", fields: { summary: "S" } },
    },
    expected: [{ kind: "ignored" }],
  },
  {
    source: "zabbix",
    name: "an acknowledgement by the template of the set-up",
    body: {
      trigger: "CPU high",
      triggerid: "5",
      eventid: "90",
      status: "1",
      severity: "High",
      hostname: "web-1",
      tags: "env:prod, service:cart",
      update: "1",
      update_action: "acknowledged",
      link: "https://z.example/tr_events.php?triggerid=5&eventid=90",
    },
    expected: [{ kind: "alert", status: "acknowledged", severity: "error", dedupKey: "5", service: "cart" }],
  },
  {
    source: "zabbix",
    name: "its recovery",
    body: { trigger: "CPU high", triggerid: "5", eventid: "90", status: "0", severity: "High", hostname: "web-1" },
    expected: [{ kind: "alert", status: "resolved", dedupKey: "5", service: "web-1" }],
  },
  {
    source: "zabbix",
    name: "a try by hand leaves the macros as they are",
    body: { trigger: "{EVENT.NAME}", triggerid: "{TRIGGER.ID}", hostname: "{HOST.NAME}" },
    expected: [{ kind: "test" }],
  },
  {
    source: "zabbix",
    name: "a streamed recovery names only what it ends",
    body: { clock: 1_519_304_345, ns: 1, value: 0, eventid: 43, p_eventid: 42 },
    expected: [{ kind: "alert", status: "resolved", dedupKey: "42", title: null, severity: null }],
  },
  {
    source: "sensu-go",
    name: "a check that passes again, with lines of output",
    body: {
      timestamp: 1_577_724_113,
      entity: { metadata: { name: "web-1", namespace: "default", labels: { service: "cart" } } },
      check: { metadata: { name: "http" }, state: "passing", status: 0, output: "OK\nall good" },
    },
    expected: [
      {
        kind: "alert",
        status: "resolved",
        severity: null,
        title: "http: OK",
        dedupKey: "default/web-1/http",
        service: "cart",
      },
    ],
  },
  {
    source: "ohdear",
    name: "a changed certificate is a change",
    body: {
      type: "certificateChangedNotification",
      dateTime: "20261002120000",
      run: { id: 9, check: { id: 2, monitor: { label: "a.example", url: "https://a.example" } } },
    },
    expected: [{ kind: "change", change: "config", service: "a.example" }],
  },
  {
    source: "render",
    name: "a server that failed is available again",
    body: [
      { type: "server_failed", data: { serviceId: "srv-1", serviceName: "api" } },
      { type: "server_available", data: { serviceId: "srv-1", serviceName: "api" } },
      { type: "plan_changed", data: { serviceId: "srv-1", serviceName: "api" } },
    ],
    expected: [
      { kind: "alert", status: "firing", dedupKey: "srv-1/service", service: "api" },
      { kind: "alert", status: "resolved", dedupKey: "srv-1/service" },
      { kind: "ignored" },
    ],
  },
  {
    source: "mongodb-atlas",
    name: "an acknowledgement is told by the header",
    headers: { "x-mms-event": "alert.acknowledge" },
    body: { id: "a", eventTypeName: "HOST_DOWN", status: "OPEN", hostnameAndPort: "db-1:27017" },
    expected: [{ kind: "alert", status: "acknowledged", title: "HOST_DOWN", service: "db-1:27017" }],
  },
  {
    source: "mongodb-atlas",
    name: "what is not yet an alert",
    body: { id: "a", eventTypeName: "HOST_DOWN", status: "TRACKING" },
    expected: [{ kind: "ignored" }],
  },
  {
    source: "mackerel",
    name: "a closed alert, and the sample",
    body: [
      {
        event: "alert",
        alert: { id: "x", status: "critical", isOpen: false, monitorName: "cpu" },
        host: { name: "h" },
      },
      { event: "sample", message: "Sample Notification from Mackerel" },
    ],
    expected: [{ kind: "alert", status: "resolved", dedupKey: "x", title: "cpu" }, { kind: "test" }],
  },
  {
    source: "splunk",
    name: "the severity of the result, and no result at all",
    body: [
      { search_name: "Errors", result: { host: "web-1", service: "cart", severity: "high" } },
      { search_name: "Errors", sid: "s" },
    ],
    expected: [
      { kind: "alert", severity: "error", service: "cart", dedupKey: "Errors/cart" },
      { kind: "alert", severity: null, service: null, dedupKey: "Errors" },
    ],
  },
  {
    source: "signalfx",
    name: "a detector, anomalous and well",
    body: ["anomalous", "ok", "manually resolved"].map((status) => ({
      sf_schema: 2,
      detector: "Memory",
      detectorUrl: "https://app.us1.signalfx.com/#/detector/A/edit",
      incidentId: "B1",
      rule: "Running out of memory",
      severity: "Major",
      status,
      statusExtended: status,
      dimensions: { host: "i-1", service: "cart" },
      timestamp: "2026-02-10T12:00:00Z",
    })),
    expected: [
      { kind: "alert", status: "firing", severity: "error", dedupKey: "B1", service: "cart" },
      { kind: "alert", status: "resolved", dedupKey: "B1" },
      { kind: "alert", status: "resolved", dedupKey: "B1" },
    ],
  },
  {
    source: "sumologic",
    name: "critical, warning and recovered",
    body: ["Critical", "Warning", "ResolvedCritical", "MissingData"].map((TriggerType) => ({
      Id: "m1",
      Name: "5xx",
      AlertName: "5xx of cart",
      TriggerType,
    })),
    expected: [
      { kind: "alert", status: "firing", severity: "critical", dedupKey: "m1", title: "5xx of cart" },
      { kind: "alert", status: "firing", severity: "warning" },
      { kind: "alert", status: "resolved", dedupKey: "m1" },
      { kind: "alert", status: "firing", severity: "warning" },
    ],
  },
  {
    source: "healthchecks",
    name: "down and up",
    body: ["down", "up"].map((status) => ({ code: "c-1", name: "Backup", status, tags: "prod service:billing" })),
    expected: [
      { kind: "alert", status: "firing", dedupKey: "c-1", title: "Backup", service: "billing" },
      { kind: "alert", status: "resolved", dedupKey: "c-1" },
    ],
  },
  {
    source: "argocd",
    name: "a sync that fails, and an application that is well again",
    body: [
      { event: "sync", app: "cart", project: "shop", phase: "Failed", revision: "r1", message: "no such image" },
      { event: "health", app: "cart", project: "shop", health: "Degraded" },
      { event: "health", app: "cart", project: "shop", health: "Healthy" },
      { event: "health", app: "cart", project: "shop", health: "Progressing" },
    ],
    expected: [
      { kind: "alert", status: "firing", dedupKey: "shop/cart/sync" },
      { kind: "change", state: "failed", dedupKey: "cart@r1" },
      { kind: "alert", status: "firing", severity: "error", dedupKey: "shop/cart/health", service: "cart" },
      { kind: "alert", status: "resolved", dedupKey: "shop/cart/health" },
      { kind: "ignored" },
    ],
  },
  {
    source: "servicenow",
    name: "an incident, open and resolved",
    body: ["2", "6"].map((state) => ({
      number: "INC1",
      short_description: "Mail is slow",
      priority: "1 - Critical",
      state,
      cmdb_ci: "mail-1",
    })),
    expected: [
      { kind: "alert", status: "firing", severity: "critical", dedupKey: "INC1", service: "mail-1" },
      { kind: "alert", status: "resolved", dedupKey: "INC1" },
    ],
  },
  {
    source: "logicmonitor",
    name: "active, acknowledged and cleared",
    body: ["active", "ack", "clear"].map((status) => ({
      alertId: "DS1",
      status,
      level: "warn",
      host: "web-1",
      datasource: "CPU",
    })),
    expected: [
      { kind: "alert", status: "firing", severity: "warning", dedupKey: "DS1", service: "web-1" },
      { kind: "alert", status: "acknowledged" },
      { kind: "alert", status: "resolved", dedupKey: "DS1" },
    ],
  },
  {
    source: "uptime-com",
    name: "raised and cleared",
    body: ["alert_raised", "alert_cleared"].map((event, at) => ({
      event,
      data: {
        service: { id: 5, name: "Shop", msp_address: "https://shop.example" },
        alert: { id: 100 + at, state: event === "alert_raised" ? "CRITICAL" : "OK", short_output: "503" },
      },
    })),
    expected: [
      { kind: "alert", status: "firing", severity: "critical", dedupKey: "5", service: "Shop", title: "Shop: 503" },
      { kind: "alert", status: "resolved", severity: null, dedupKey: "5" },
    ],
  },
];

describe("shapes of the vendors' documentation", () => {
  test.each(sent)("$source: $name", (one) => {
    expect(read(one)).toMatchObject(one.expected);
    expect(read(one)).toHaveLength(one.expected.length);
  });
});
