import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "#/server/testing/start-test-server.ts";
import { addSender, alertsWhere } from "#/server/testing/test-senders.ts";

let s: TestServer;
beforeAll(async () => {
  s = await startTestServer();
});
afterAll(() => s.stop());

type Alert = {
  id: string;
  title: string;
  status: string;
  severity: string;
  service: string | null;
  dedupKey: string;
  count: number;
  description: string;
  labels: Record<string, string>;
};
type Fields = Record<string, unknown>;

const key = (source: string) => addSender(s, source);
const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  s.ask<Fields>(method, path, body, { token: null, headers });
const find = (query: string) => alertsWhere<Alert>(s, query);

/** The one alert whose title holds the text, once it is in the state. */
async function alert(text: string, status = "firing"): Promise<Alert> {
  const query = `q=${encodeURIComponent(text)}`;
  await expect.poll(async () => (await find(query)).map((one) => one.status), { timeout: 10_000 }).toEqual([status]);
  return (await find(query))[0] as Alert;
}
const basic = (secret: string) => ({ authorization: `Basic ${Buffer.from(`api_key:${secret}`).toString("base64")}` });

describe("PagerDuty Events API", () => {
  const trigger = (routing_key: string, more: Fields = {}, payload: Fields = {}) => ({
    routing_key,
    event_action: "trigger",
    ...more,
    payload: {
      summary: "Disk full on srv01",
      source: "srv01",
      severity: "critical",
      component: "postgres",
      ...payload,
    },
  });

  test("trigger, acknowledge and resolve by a key that may hold anything; with a slash too", async () => {
    const routing_key = await key("pagerduty");
    const body = trigger(routing_key, { dedup_key: "srv01/HTTP" }, { custom_details: { free: "1%" } });
    const answer = await send("POST", "/v2/enqueue", body);
    expect(answer).toMatchObject({
      status: 202,
      body: { status: "success", message: "Event processed", dedup_key: "srv01/HTTP" },
    });
    expect(await alert("Disk full")).toMatchObject({
      severity: "critical",
      service: "postgres",
      labels: { free: "1%" },
    });
    await send("POST", "/v2/enqueue/", { routing_key, event_action: "acknowledge", dedup_key: "srv01/HTTP" });
    await alert("Disk full", "acknowledged");
    await send("POST", "/v2/enqueue/", { routing_key, event_action: "resolve", dedup_key: "srv01/HTTP" });
    expect(await alert("Disk full", "resolved")).toMatchObject({ severity: "critical", title: "Disk full on srv01" });
  });

  test("a key that is left out is made up, kept with the delivery, and the same for the same bytes", async () => {
    const body = trigger(await key("pagerduty"), {}, { summary: "Nameless event" });
    const first = await send("POST", "/v2/enqueue", body);
    const again = await send("POST", "/v2/enqueue", body);
    expect(String(first.body.dedup_key)).toHaveLength(32);
    expect(again.body.dedup_key).toBe(first.body.dedup_key);
    expect(await alert("Nameless")).toMatchObject({ dedupKey: first.body.dedup_key, count: 1 });
  });

  test("what is wrong is said in PagerDuty's form", async () => {
    const routing_key = await key("pagerduty");
    const wrong: [unknown, string][] = [
      [{ routing_key, event_action: "explode" }, "event_action"],
      [{ routing_key, event_action: "resolve" }, "dedup_key"],
      [{ routing_key, event_action: "trigger" }, "payload"],
      [trigger(routing_key, {}, { severity: "bad" }), "payload.severity"],
      [trigger(routing_key, { dedup_key: "x".repeat(256) }), "dedup_key"],
      [trigger("nobody"), "No integration"],
      [{ event_action: "trigger" }, "routing_key"],
      ["{", "JSON"],
      [[], "JSON"],
    ];
    for (const [body, word] of wrong) {
      const answer = await send("POST", "/v2/enqueue", body);
      expect(answer).toMatchObject({ status: 400, body: { status: "invalid event" } });
      expect(JSON.stringify(answer.body.errors), JSON.stringify(body)).toContain(word);
    }
    expect((await send("POST", "/v2/enqueue", trigger(routing_key, { dedup_key: "x".repeat(255) }))).status).toBe(202);
  });

  test("change events are kept as changes, and open nothing", async () => {
    const routing_key = await key("pagerduty");
    const payload = { summary: "Deploy 42 of checkout", source: "ci", custom_details: { service: "checkout" } };
    const answer = await send("POST", "/v2/change/enqueue", {
      routing_key,
      payload,
      links: [{ href: "https://ci.example/42" }],
    });
    expect(answer).toMatchObject({ status: 202, body: { status: "success" } });
    expect(await find("q=Deploy%2042")).toEqual([]);
  });

  test("version 1 speaks of incident keys", async () => {
    const service_key = await key("pagerduty");
    const path = "/generic/2010-04-15/create_event.json";
    const body = { service_key, event_type: "trigger", description: "Old style", details: { host: "db-1" } };
    const answer = await send("POST", path, body);
    expect(answer).toMatchObject({ status: 202, body: { status: "success", message: "Event processed" } });
    const incident_key = String(answer.body.incident_key);
    expect(await alert("Old style")).toMatchObject({ dedupKey: incident_key, service: "db-1" });
    await send("POST", path, { service_key, event_type: "resolve", incident_key });
    await alert("Old style", "resolved");
    expect((await send("POST", path, { service_key, event_type: "x" })).body.status).toBe("invalid event");
  });

  test("the key in a body is shown to nobody who reads the delivery", async () => {
    const routing_key = await key("pagerduty");
    await send("POST", "/v2/enqueue", trigger(routing_key, { dedup_key: "hidden" }, { summary: "Hidden key" }));
    const { body } = await s.ask<{ items: { preview: string }[] }>("GET", "/api/v1/deliveries");
    expect(body.items[0]?.preview).toContain("Hidden key");
    expect(JSON.stringify(body)).not.toContain(routing_key);
  });
});

describe("VictorOps REST", () => {
  test("critical, acknowledgement and recovery; the routing key names the service", async () => {
    const path = `/integrations/generic/20131114/alert/${await key("victorops")}/db`;
    const body = {
      message_type: "CRITICAL",
      entity_id: "vo-1",
      entity_display_name: "Replica lag",
      state_message: "90 s",
    };
    expect(await send("POST", path, body)).toMatchObject({
      status: 200,
      body: { result: "success", entity_id: "vo-1" },
    });
    expect(await alert("Replica lag")).toMatchObject({ severity: "critical", service: "db", description: "90 s" });
    await send("POST", `${path}/`, { message_type: "ACKNOWLEDGEMENT", entity_id: "vo-1" });
    await alert("Replica lag", "acknowledged");
    await send("POST", path, { message_type: "RECOVERY", entity_id: "vo-1" });
    await alert("Replica lag", "resolved");
  });

  test("an entity without an id gets one; an unknown key is 404", async () => {
    const path = `/integrations/generic/20131114/alert/${await key("victorops")}`;
    const answer = await send("POST", path, { message_type: "INFO", entity_display_name: "Nameless entity" });
    expect(await alert("Nameless entity")).toMatchObject({ dedupKey: answer.body.entity_id, severity: "info" });
    expect(await send("POST", "/integrations/generic/20131114/alert/nobody/db", {})).toMatchObject({
      status: 404,
      body: { result: "failure" },
    });
  });
});

const webhook = (name: string, { receiver = "keep", severity = "warning", status = "firing" } = {}) => ({
  version: "4",
  groupKey: "g",
  status,
  receiver,
  groupLabels: {},
  commonLabels: {},
  commonAnnotations: {},
  externalURL: "http://am",
  alerts: [
    {
      status,
      labels: { alertname: name, service: "search", severity },
      annotations: {},
      startsAt: "2026-11-21T09:00:00Z",
      endsAt: status === "firing" ? "0001-01-01T00:00:00Z" : "2026-11-21T09:30:00Z",
      generatorURL: "",
      fingerprint: `fp-${name}`,
    },
  ],
});

describe("Keep's ingest", () => {
  test("takes the key in each of its forms, on both paths, with a provider and without", async () => {
    const secret = await key("prometheus-alertmanager");
    const ways: [string, Record<string, string>][] = [
      ["/api/alerts/event/prometheus", { "x-api-key": secret }],
      ["/alerts/event/prometheus/", basic(secret)],
      [`/alerts/event/prometheus?api_key=${secret}`, {}],
      ["/api/alerts/event/prometheus", { authorization: `Bearer ${secret}` }],
    ];
    for (const [n, [path, headers]] of ways.entries()) {
      const answer = await send("POST", path, webhook(`KeepWay${n}`), headers);
      expect(answer.status).toBe(202);
      expect(answer.body.task_name).toBeTruthy();
      await alert(`KeepWay${n}`);
    }
    const own = { name: "KeepOwn", status: "firing", severity: "high", fingerprint: "k-own", service: "search" };
    expect((await send("POST", "/alerts/event", own, { "x-api-key": secret })).status).toBe(202);
    expect(await alert("KeepOwn")).toMatchObject({ severity: "error", dedupKey: "k-own" });
    expect(JSON.stringify((await s.ask("GET", "/api/v1/deliveries")).body)).not.toContain(secret);
  });

  test("refuses an unknown key by 401", async () => {
    for (const headers of [{}, { "x-api-key": "nobody" }]) {
      expect(await send("POST", "/api/alerts/event/prometheus", webhook("X"), headers)).toMatchObject({
        status: 401,
        body: { detail: expect.any(String) },
      });
    }
  });

  test.each([
    ["plain first", ["/api/alerts/event/prometheus", "/api/alerts/event/prometheus?severity=critical"]],
    ["forced first", ["/api/alerts/event/prometheus?severity=critical", "/api/alerts/event/prometheus"]],
  ])("two receivers give one alert of the forced severity, %s", async (title, paths) => {
    const headers = { "x-api-key": await key("prometheus-alertmanager") };
    const name = `Twice${title.replace(" ", "")}`;
    for (const [n, path] of paths.entries()) {
      expect((await send("POST", path, webhook(name, { receiver: `r${n}` }), headers)).status).toBe(202);
    }
    await expect.poll(async () => (await find(`q=${name}`)).map((one) => one.count)).toEqual([2]);
    expect(await alert(name)).toMatchObject({ severity: "critical" });
    for (const [n, path] of paths.entries()) {
      await send("POST", path, webhook(name, { receiver: `r${n}`, status: "resolved" }), headers);
    }
    await alert(name, "resolved");
  });
});

describe("CloudEvents", () => {
  const attributes = { specversion: "1.0", id: "e1", source: "/checkout", type: "com.example.alert" };

  test("in binary, structured and batch mode, at the hook of any source", async () => {
    const secret = await key("cloudevents");
    const headers = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce-${name}`, value]));
    expect(
      (await send("POST", `/hooks/${secret}`, { message: "Binary event", severity: "high" }, headers)).status,
    ).toBe(202);
    expect(await alert("Binary event")).toMatchObject({ severity: "error", service: "/checkout" });
    const structured = {
      ...attributes,
      id: "e2",
      subject: "cart-5xx",
      data: { title: "Structured event", service: "cart" },
    };
    const type = { "content-type": "application/cloudevents+json; charset=utf-8" };
    const other = await key("prometheus-alertmanager");
    expect((await send("POST", `/hooks/${other}`, structured, type)).status).toBe(202);
    expect(await alert("Structured event")).toMatchObject({ dedupKey: "cart-5xx", service: "cart" });
    const end = { ...structured, id: "e3", type: "com.example.alert.resolved", data: {} };
    await send("POST", `/hooks/${other}`, end, type);
    await alert("Structured event", "resolved");
    const batch = ["One", "Two"].map((word) => ({ ...attributes, id: word, data: { title: `Batch event ${word}` } }));
    const batchType = { "content-type": "application/cloudevents-batch+json" };
    expect((await send("POST", `/hooks/${secret}`, batch, batchType)).body.accepted).toBe(2);
    await expect.poll(async () => (await find("q=Batch%20event")).length).toBe(2);
  });

  test("an event sent again is taken once", async () => {
    const path = `/hooks/${await key("cloudevents")}`;
    const headers = { "ce-id": "again", "ce-source": "/a", "ce-type": "t", "ce-specversion": "1.0" };
    const first = await send("POST", path, { title: "Sent again" }, headers);
    expect((await send("POST", path, { title: "Sent again" }, headers)).body).toEqual(first.body);
  });

  test("the handshake allows whoever knows the key", async () => {
    const headers = { "webhook-request-origin": "eventemitter.example.com", "webhook-request-rate": "120" };
    const answer = await send("OPTIONS", `/hooks/${await key("cloudevents")}`, undefined, headers);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("webhook-allowed-origin")).toBe("eventemitter.example.com");
    expect(answer.headers.get("webhook-allowed-rate")).toBe("120");
    expect((await send("OPTIONS", "/hooks/nobody", undefined, headers)).status).toBe(404);
  });
});

describe("Slack-compatible webhook", () => {
  test("text, attachments and blocks, as JSON and in a form, are answered ok", async () => {
    const path = `/hooks/${await key("slack-compatible")}`;
    const sent: unknown[] = [
      { text: "*<https://grafana.example/d/1|High CPU>* on web-1\n• *service:* `web`\n• *severity:* critical" },
      {
        attachments: [
          {
            color: "danger",
            title: "Queue is long",
            title_link: "https://q.example/",
            fields: [{ title: "Service", value: "queue" }],
          },
        ],
      },
      {
        blocks: [
          { type: "header", text: { type: "plain_text", text: "Blocks are shown" } },
          { type: "section", text: { type: "mrkdwn", text: "- service = blocks" } },
        ],
      },
      `payload=${encodeURIComponent(JSON.stringify({ text: "From a form" }))}`,
    ];
    for (const body of sent) {
      const headers = {
        "content-type": typeof body === "string" ? "application/x-www-form-urlencoded" : "application/json",
      };
      expect(await send("POST", path, body, headers)).toMatchObject({ status: 200, text: "ok" });
    }
    expect(await alert("High CPU on web-1")).toMatchObject({ service: "web", severity: "critical" });
    expect(await alert("Queue is long")).toMatchObject({ service: "queue", severity: "critical" });
    expect(await alert("Blocks are shown")).toMatchObject({ service: "blocks" });
    await alert("From a form");
    await send("POST", path, { attachments: [{ color: "good", title: "Queue is long" }] });
    await alert("Queue is long", "resolved");
    await send("POST", path, { text: "[RESOLVED] From a form" });
    await alert("From a form", "resolved");
  });
});

describe("every way in", () => {
  test("accepts a slash at the end, and never redirects", async () => {
    const secret = await key("generic-json");
    const paths = [
      "/v2/enqueue/",
      "/v2/change/enqueue/",
      "/generic/2010-04-15/create_event.json/",
      `/hooks/${secret}/`,
      "/api/v2/alerts/",
      "/v2/alerts/",
      "/jsm/ops/integration/v2/alerts/",
      "/v2/alerts/x/close/",
      `/integrations/generic/20131114/alert/${secret}/x/`,
      "/api/alerts/event/prometheus/",
      "/alerts/event/",
    ];
    for (const path of paths) {
      const { status } = await send("POST", path, {});
      expect(status < 300 || status >= 400, `${path} ${status}`).toBe(true);
      expect(status, path).not.toBe(404);
    }
  });

  test("says 413 to a body over the limit, in its own form", async () => {
    const body = `{"x":"${"x".repeat(1024 * 1024)}"}`;
    expect((await send("POST", "/v2/enqueue", body)).body).toMatchObject({ status: "invalid event" });
    expect((await send("POST", "/api/v2/alerts", body)).status).toBe(413);
    expect((await send("POST", "/v2/alerts", body)).body).toHaveProperty("requestId");
  });
});
