import { request } from "node:http";
import { createServer, Agent as SecureAgent, type Server } from "node:https";
import { promisify } from "node:util";
import { change, event } from "@pagerduty/pdjs";
import { CloudEvent, emitterFor, httpTransport, Mode } from "cloudevents";
import opsgenie from "opsgenie-sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { selfSigned } from "#/server/testing/self-signed.ts";
import { startTestServer, type TestServer } from "#/server/testing/start-test-server.ts";
import { addSender, alertsWhere } from "#/server/testing/test-senders.ts";

type Alert = {
  title: string;
  status: string;
  severity: string;
  service: string | null;
  dedupKey: string;
  description: string;
  labels: Record<string, string>;
  incident: { id: string } | null;
};
let s: TestServer;
beforeAll(async () => {
  s = await startTestServer();
});
afterAll(() => s.stop());

const key = (source: string) => addSender(s, source);
const alertsOf = (text: string) => alertsWhere<Alert>(s, `q=${encodeURIComponent(text)}`);
async function alert(text: string, status = "firing"): Promise<Alert> {
  await expect.poll(async () => (await alertsOf(text)).map((one) => one.status), { timeout: 10_000 }).toEqual([status]);
  return (await alertsOf(text))[0] as Alert;
}

describe("@pagerduty/pdjs over TLS", () => {
  let secure: Server;
  let host: string;
  const { key: privateKey, cert } = selfSigned(["127.0.0.1", "localhost"]);
  const agent = new SecureAgent({ ca: cert });
  beforeAll(async () => {
    // What a proxy in front of the server does.
    secure = createServer({ key: privateKey, cert }, (incoming, answer) => {
      const on = request(
        s.url + incoming.url,
        { method: incoming.method ?? "GET", headers: incoming.headers },
        (from) => {
          answer.writeHead(from.statusCode ?? 500, from.headers);
          from.pipe(answer);
        },
      );
      incoming.pipe(on);
    });
    await new Promise<void>((resolve) => secure.listen(0, "127.0.0.1", resolve));
    host = `127.0.0.1:${(secure.address() as { port: number }).port}`;
  });
  afterAll(() => secure.close());

  test("trigger, acknowledge, resolve, and a change", async () => {
    const routing_key = await key("pagerduty");
    const options = { server: host, agent };
    const payload = { summary: "From pdjs", source: "pdjs-host", severity: "error" as const };
    const made = await event({ ...options, data: { routing_key, event_action: "trigger", payload } });
    expect(made.status).toBe(202);
    const { dedup_key } = made.data as { dedup_key: string };
    expect(await alert("From pdjs")).toMatchObject({ severity: "error", dedupKey: dedup_key, service: "pdjs-host" });
    await event({ ...options, data: { routing_key, event_action: "acknowledge", dedup_key } as never });
    await alert("From pdjs", "acknowledged");
    await event({ ...options, data: { routing_key, event_action: "resolve", dedup_key } as never });
    await alert("From pdjs", "resolved");
    const deployed = { summary: "Deployed by pdjs", timestamp: new Date().toISOString(), source: "ci" };
    expect((await change({ ...options, data: { routing_key, payload: deployed, links: [] } as never })).status).toBe(
      202,
    );
    const wrong = await event({ ...options, data: { routing_key: "nobody", event_action: "trigger", payload } });
    expect(wrong).toMatchObject({ status: 400, data: { status: "invalid event", errors: [expect.any(String)] } });
  });
});

describe("opsgenie-sdk", () => {
  type Answer = { data: Record<string, unknown> & { heartbeats?: unknown[] }; requestId: string; result: string };
  type Call = (...args: unknown[]) => Promise<Answer>;
  const on = (part: Record<string, (...args: never[]) => void>) => (name: string) =>
    promisify((part[name] as (...args: unknown[]) => void).bind(part)) as Call;
  const api = on(opsgenie.alertV2);
  const beats = on(opsgenie.heartbeat);
  beforeAll(async () => {
    opsgenie.configure({ host: s.url, api_key: await key("opsgenie"), maxAttempts: 1 });
  });

  test("creates, reads by id, alias and number, searches, changes and closes", async () => {
    const made = await api("create")({
      message: "From opsgenie-sdk",
      alias: "sdk-1",
      priority: "P1",
      tags: ["db"],
      details: { region: "eu" },
      entity: "orders",
    });
    expect(made).toMatchObject({ result: "Request will be processed", requestId: expect.any(String) });
    const status = await api("getRequestStatus")(made.requestId);
    expect(status.data).toMatchObject({ success: true, isSuccess: true, action: "Create", alias: "sdk-1" });
    const id = String(status.data.alertId);
    const byAlias = await api("get")({ identifier: "sdk-1", identifierType: "alias" });
    expect(byAlias.data).toMatchObject({
      id,
      message: "From opsgenie-sdk",
      priority: "P1",
      status: "open",
      tags: ["db"],
      details: { region: "eu" },
      entity: "orders",
    });
    expect((await api("get")({ identifier: id, identifierType: "id" })).data.alias).toBe("sdk-1");
    expect((await api("get")({ identifier: byAlias.data.tinyId, identifierType: "tiny" })).data.id).toBe(id);
    const listed = await api("list")({ query: "status: open AND priority: P1 AND sdk", limit: 5 });
    expect(listed.data).toMatchObject([{ alias: "sdk-1" }]);
    await api("acknowledge")({ identifier: id, identifierType: "id" }, { user: "me" });
    await alert("From opsgenie-sdk", "acknowledged");
    await api("unacknowledge")({ identifier: "sdk-1", identifierType: "alias" }, {});
    await alert("From opsgenie-sdk");
    await api("addNote")({ identifier: "sdk-1", identifierType: "alias" }, { note: "Looking at the replica" });
    const { incident } = await alert("From opsgenie-sdk");
    await expect
      .poll(async () => (await s.ask("GET", `/api/v1/incidents/${incident?.id}/timeline`)).text)
      .toContain("Looking at the replica");
    await api("close")({ identifier: "sdk-1", identifierType: "alias" }, { source: "test" });
    await alert("From opsgenie-sdk", "resolved");
  });

  test("is told what is wrong", async () => {
    await expect(api("create")({ alias: "no-message" })).rejects.toMatchObject({
      httpStatusCode: 422,
      errors: { message: "may not be empty" },
    });
    await expect(api("get")({ identifier: "nobody", identifierType: "alias" })).rejects.toMatchObject({
      httpStatusCode: 404,
    });
    const gone = await api("close")({ identifier: "nobody", identifierType: "alias" }, {});
    expect((await api("getRequestStatus")(gone.requestId)).data).toMatchObject({
      success: false,
      status: "Alert does not exist",
    });
  });

  test("keeps heartbeats", async () => {
    const made = await beats("create")(
      { name: "nightly", interval: 2, intervalUnit: "hours", enabled: true, alertPriority: "P2" },
      {},
    );
    expect(made.data).toEqual({ name: "nightly", enabled: true, expired: false });
    expect((await beats("get")("nightly", {})).data).toMatchObject({
      interval: 2,
      intervalUnit: "hours",
      alertPriority: "P2",
      expired: false,
    });
    expect((await beats("disable")({ identifier: "nightly" }, {})).data).toMatchObject({ enabled: false });
    expect((await beats("enable")({ identifier: "nightly" }, {})).data).toMatchObject({ enabled: true });
    expect((await beats("list")({}, {})).data.heartbeats).toHaveLength(1);
    await beats("delete")("nightly", {});
    await expect(beats("get")("nightly", {})).rejects.toMatchObject({ httpStatusCode: 404 });
  });
});

describe("Opsgenie by hand", () => {
  let headers: Record<string, string>;
  beforeAll(async () => {
    headers = { authorization: `GenieKey ${await key("opsgenie")}` };
  });
  const ask = (method: string, path: string, body?: unknown, more: Record<string, string> = {}) =>
    s.ask<Record<string, unknown>>(method, path, body, { token: null, headers: { ...headers, ...more } });

  test("PUT changes message, description and priority of the open alert, without counting it", async () => {
    await ask("POST", "/v2/alerts", { message: "Edited alert", alias: "edit/1 x", priority: "P3" });
    await alert("Edited alert");
    const at = `/jsm/ops/integration/v2/alerts/${encodeURIComponent("edit/1 x")}`;
    for (const [name, value] of [
      ["message", "Edited alert, twice"],
      ["description", "All of it"],
      ["priority", "P1"],
    ] as const) {
      expect((await ask("PUT", `${at}/${name}?identifierType=alias`, { [name]: value })).status).toBe(202);
    }
    await ask("POST", `${at}/details/?identifierType=alias`, { details: { region: "eu" } });
    await ask("POST", `${at}/tags?identifierType=alias`, { tags: ["paged"] });
    await expect
      .poll(async () => (await alertsOf("Edited alert"))[0])
      .toMatchObject({
        title: "Edited alert, twice",
        description: "All of it",
        severity: "critical",
        count: 1,
        labels: { region: "eu", paged: "true" },
      });
    for (const action of ["assign", "escalate", "responders"]) {
      expect((await ask("POST", `${at}/${action}?identifierType=alias`, { owner: { username: "x" } })).status).toBe(
        202,
      );
    }
    expect((await ask("PUT", `${at}/priority?identifierType=alias`, {})).status).toBe(422);
    expect((await ask("DELETE", `${at}?identifierType=alias`)).status).toBe(202);
    await alert("Edited alert", "resolved");
  });

  test("a search holds every term of its query", async () => {
    await ask("POST", "/v2/alerts", { message: "Searched alert", alias: "searched", priority: "P2", tags: ["blue"] });
    await alert("Searched alert");
    const search = async (query: string) => {
      const { body } = await ask("GET", `/v2/alerts?query=${encodeURIComponent(query)}`);
      return (body.data as { alias: string }[]).map((one) => one.alias);
    };
    for (const query of [
      "alias:searched tag:blue",
      "searched",
      'message: "Searched al*"',
      "alias=searched AND priority=P2",
    ]) {
      expect(await search(query), query).toEqual(["searched"]);
    }
    for (const query of [
      "searched status:closed",
      "searched tag:red",
      "searched priority:P1",
      "tinyId:7",
      "searched acknowledged:true",
    ]) {
      expect(await search(query), query).toEqual([]);
    }
  });

  test("an alert without an alias gets one, the same for the same bytes", async () => {
    const body = { message: "Without an alias" };
    const first = await ask("POST", "/v2/alerts", body);
    expect((await ask("POST", "/v2/alerts", body)).body.requestId).toBe(first.body.requestId);
    const { data } = (await ask("GET", `/v2/alerts/requests/${first.body.requestId}`)).body as {
      data: { alias: string };
    };
    expect((await alert("Without an alias")).dedupKey).toBe(data.alias);
  });

  test("an unknown key is 401 everywhere, a body that is no JSON 400", async () => {
    for (const [method, path] of [
      ["POST", "/v2/alerts"],
      ["GET", "/v2/alerts/"],
      ["GET", "/v2/alerts/x"],
      ["GET", "/v2/heartbeats/x/ping"],
      ["POST", "/v2/alerts/x/close"],
    ] as const) {
      const answer = await ask(method, path, method === "POST" ? {} : undefined, { authorization: "GenieKey nope" });
      expect(answer, path).toMatchObject({
        status: 401,
        body: { message: expect.any(String), requestId: expect.any(String) },
      });
    }
    expect((await ask("POST", "/v2/alerts", "{")).status).toBe(400);
  });

  test("a heartbeat is pinged by any method, with a prefix and without, known or not", async () => {
    for (const [n, method] of ["GET", "POST", "PUT", "PATCH"].entries()) {
      const prefix = n % 2 ? "/jsm/ops/integration" : "";
      const answer = await ask(
        method,
        `${prefix}/v2/heartbeats/my%20job/ping${n > 1 ? "/" : ""}`,
        method === "GET" ? undefined : "",
      );
      expect(answer).toMatchObject({ status: 202, body: { result: "PONG - Heartbeat received" } });
    }
    expect((await ask("GET", "/v2/heartbeats/my%20job")).body.data).toMatchObject({
      enabled: false,
      lastPingTime: expect.any(String),
    });
    await ask("GET", "/v2/heartbeats/told/ping?interval=5&intervalUnit=minutes");
    expect((await ask("GET", "/v2/heartbeats/told")).body.data).toMatchObject({ enabled: true, interval: 5 });
    expect((await ask("PATCH", "/v2/heartbeats/told", { interval: 0 })).status).toBe(422);
    expect((await ask("PATCH", "/v2/heartbeats/told", { interval: 91, intervalUnit: "days" })).status).toBe(422);
    expect((await ask("PATCH", "/v2/heartbeats/told", { interval: 90, intervalUnit: "days" })).status).toBe(200);
  });
});

describe("cloudevents", () => {
  test.each([
    ["binary", Mode.BINARY],
    ["structured", Mode.STRUCTURED],
  ] as const)("emits in %s mode", async (name, mode) => {
    const emit = emitterFor(httpTransport(`${s.url}/hooks/${await key("cloudevents")}`), { mode });
    const fields = { source: "/orders", subject: `orders-${name}` };
    const data = { title: `Emitted ${name}`, severity: "critical", service: "orders" };
    await emit(new CloudEvent({ ...fields, type: "com.example.fired", data }));
    expect(await alert(`Emitted ${name}`)).toMatchObject({
      severity: "critical",
      service: "orders",
      dedupKey: `orders-${name}`,
    });
    await emit(new CloudEvent({ ...fields, type: "com.example.resolved", data: { note: "over" } }));
    await alert(`Emitted ${name}`, "resolved");
  });
});
