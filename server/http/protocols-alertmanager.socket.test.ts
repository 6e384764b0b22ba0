import { execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RealAlertmanager, realAlertmanager } from "#/server/testing/real-alertmanager.ts";
import { startTestServer, type TestServer } from "#/server/testing/start-test-server.ts";
import { addSender, alertsWhere } from "#/server/testing/test-senders.ts";

const run = promisify(execFile);
const found = (...paths: (string | undefined)[]) => paths.find((path) => path && existsSync(path));
const alertmanager = found(process.env.ALERTMANAGER_PATH, "/usr/bin/prometheus-alertmanager");
const amtool = found(process.env.AMTOOL_PATH, "/usr/bin/amtool");
const prometheus = found(process.env.PROMETHEUS_PATH, "/usr/bin/prometheus");

type Alert = {
  title: string;
  status: string;
  severity: string;
  service: string | null;
  source: string;
  dedupKey: string;
  count: number;
  labels: Record<string, string>;
  incident: { reference: string } | null;
};
type Fields = Record<string, unknown>;

let s: TestServer;
beforeAll(async () => {
  s = await startTestServer();
});
afterAll(() => s.stop());

const key = (source: string) => addSender(s, source);
const alertsOf = (query: string) => alertsWhere<Alert>(s, query);
const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });

describe("the API of Alertmanager", () => {
  const YEAR_ONE = "0001-01-01T00:00:00.000Z";
  const path = "/api/v2/alerts";
  const ask = <T = Fields>(method: string, at: string, secret: string, body?: unknown) =>
    s.ask<T>(method, at, body, { token: null, headers: bearer(secret) });
  const entry = (alertname: string, more: Fields = {}) => ({
    labels: { alertname, service: "cart", severity: "warning" },
    annotations: { summary: `${alertname} of the cart` },
    startsAt: YEAR_ONE,
    endsAt: YEAR_ONE,
    ...more,
  });

  test("takes alerts by exactly 200, year 1 meaning none; an end that has passed resolves", async () => {
    const secret = await key("prometheus-alertmanager");
    expect((await ask("POST", path, secret, [entry("ApiAlert")])).status).toBe(200);
    await expect.poll(async () => (await alertsOf("q=ApiAlert")).map((a) => a.status)).toEqual(["firing"]);
    const ahead = new Date(Date.now() + 240_000).toISOString();
    expect((await ask("POST", `${path}/`, secret, [entry("ApiAlert", { endsAt: ahead })])).status).toBe(200);
    await expect.poll(async () => (await alertsOf("q=ApiAlert"))[0]?.count).toBe(2);
    const passed = new Date(Date.now() - 1_000).toISOString();
    await ask("POST", path, secret, [entry("ApiAlert", { endsAt: passed })]);
    await expect.poll(async () => (await alertsOf("q=ApiAlert")).map((a) => a.status)).toEqual(["resolved"]);
  });

  test("an alert by web hook and by the API is one", async () => {
    const secret = await key("prometheus-alertmanager");
    await ask("POST", path, secret, [entry("BothWays")]);
    await expect.poll(async () => (await alertsOf("q=BothWays")).length).toBe(1);
    const [one] = await alertsOf("q=BothWays");
    expect(one?.dedupKey).toMatch(/^[0-9a-f]{16}$/);
    const hook = { version: "4", alerts: [{ ...entry("BothWays"), status: "resolved", fingerprint: one?.dedupKey }] };
    await s.ask("POST", `/hooks/${secret}`, hook, { token: null });
    await expect.poll(async () => (await alertsOf("q=BothWays")).map((a) => a.status)).toEqual(["resolved"]);
  });

  test("lists what is open, by filter and by state", async () => {
    const secret = await key("prometheus-alertmanager");
    await ask("POST", path, secret, [
      entry("ListedA"),
      { ...entry("ListedB"), labels: { alertname: "ListedB", team: "x" } },
    ]);
    await expect.poll(async () => (await ask<unknown[]>("GET", path, secret)).body.length).toBe(2);
    const names = async (query: string) =>
      (await ask<{ labels: { alertname: string } }[]>("GET", `${path}?${query}`, secret)).body.map(
        (a) => a.labels.alertname,
      );
    const filter = (text: string) => `filter=${encodeURIComponent(text)}`;
    expect(await names(filter('alertname="ListedA"'))).toEqual(["ListedA"]);
    expect(await names(filter("alertname=~Listed.*"))).toHaveLength(2);
    expect(await names(`${filter('team!="x"')}&${filter("alertname!~Z.+")}`)).toEqual(["ListedA"]);
    expect(await names("active=false")).toEqual([]);
    expect(await names("receiver=nobody")).toEqual([]);
    const [shown] = (await ask<Fields[]>("GET", `${path}?${filter("alertname=ListedA")}`, secret)).body;
    expect(shown).toMatchObject({
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
      status: { state: "active", silencedBy: [], inhibitedBy: [] },
      receivers: [{ name: "muster" }],
      annotations: { summary: "ListedA of the cart" },
    });
    const groups = await ask<{ labels: Fields; alerts: unknown[] }[]>("GET", "/api/v2/alerts/groups", secret);
    expect(groups.body.map((group) => [group.labels.alertname, group.alerts.length])).toEqual([
      ["ListedA", 1],
      ["ListedB", 1],
    ]);
    expect((await ask("GET", "/api/v2/receivers", secret)).body).toEqual([{ name: "muster" }]);
    expect((await ask("GET", "/api/v2/status", secret)).body).toMatchObject({ versionInfo: { version: "0.25.0" } });
  });

  test("a silence keeps new alerts quiet, and they open their incident when it ends", async () => {
    const secret = await key("prometheus-alertmanager");
    const matchers = [{ name: "alertname", value: "Quiet.*", isRegex: true, isEqual: true }];
    const times = {
      startsAt: new Date(Date.now() - 60_000).toISOString(),
      endsAt: new Date(Date.now() + 3_600_000).toISOString(),
    };
    const made = await ask("POST", "/api/v2/silences", secret, {
      matchers,
      ...times,
      createdBy: "me",
      comment: "work",
    });
    expect(made.status).toBe(200);
    const id = String(made.body.silenceID);
    await ask("POST", path, secret, [entry("QuietOne")]);
    await expect
      .poll(async () => (await alertsOf("q=QuietOne")).map((a) => [a.status, a.incident]))
      .toEqual([["suppressed", null]]);
    expect((await ask<Fields[]>("GET", `${path}?active=false`, secret)).body[0]).toMatchObject({
      status: { state: "suppressed", silencedBy: [id] },
    });
    expect((await ask<Fields[]>("GET", "/api/v2/silences", secret)).body).toMatchObject([
      { id, status: { state: "active" } },
    ]);
    expect((await ask("DELETE", `/api/v2/silence/${id}`, secret)).status).toBe(200);
    expect((await ask("GET", `/api/v2/silence/${id}`, secret)).body).toMatchObject({ status: { state: "expired" } });
    await ask("POST", path, secret, [entry("QuietOne", { annotations: { summary: "QuietOne again" } })]);
    await expect.poll(async () => (await alertsOf("q=QuietOne"))[0]?.incident?.reference).toMatch(/^INC-/);
  });

  test("a silence stands beside the mutes, with what it keeps quiet, and can be ended there", async () => {
    const secret = await key("prometheus-alertmanager");
    const { body } = await ask("POST", "/api/v2/silences", secret, {
      matchers: [{ name: "alertname", value: "Seen.*", isRegex: true }],
      startsAt: new Date(Date.now() - 60_000).toISOString(),
      endsAt: new Date(Date.now() + 3_600_000).toISOString(),
      createdBy: "Ada",
      comment: "the disk is being changed",
    });
    const id = String(body.silenceID);
    await ask("POST", path, secret, [entry("SeenQuiet")]);
    const seen = async () => {
      const { body: list } = await s.ask<{ items: Fields[] }>("GET", "/api/v1/alert-silences");
      return list.items.find((one) => one.id === id);
    };
    await expect.poll(async () => (await seen())?.suppressed).toBe(1);
    expect(await seen()).toMatchObject({
      state: "active",
      matchers: ['alertname=~"Seen.*"'],
      by: "Ada",
      reason: "the disk is being changed",
    });
    for (let time = 0; time < 2; time += 1) {
      expect((await s.ask("POST", `/api/v1/alert-silences/${id}/end`)).status).toBe(204);
    }
    expect(await seen()).toBeUndefined();
    expect((await ask("GET", `/api/v2/silence/${id}`, secret)).body).toMatchObject({ status: { state: "expired" } });
    expect((await s.ask("POST", `/api/v1/alert-silences/${crypto.randomUUID()}/end`)).status).toBe(404);
  });

  test("errors are a bare JSON string; another integration's silences are not there", async () => {
    const secret = await key("prometheus-alertmanager");
    expect(await s.ask("POST", path, [], { token: null })).toMatchObject({ status: 401, body: expect.any(String) });
    expect(await ask("POST", path, "nobody", [])).toMatchObject({ status: 401, body: expect.any(String) });
    expect(await ask("POST", path, secret, { labels: {} })).toMatchObject({ status: 400, body: expect.any(String) });
    expect(await ask("GET", `${path}?filter=nonsense`, secret)).toMatchObject({
      status: 400,
      body: expect.any(String),
    });
    expect(await ask("GET", `${path}?filter=${encodeURIComponent("a=~(")}`, secret)).toMatchObject({ status: 400 });
    const times = { startsAt: new Date().toISOString(), endsAt: new Date(Date.now() + 60_000).toISOString() };
    const silence = { ...times, createdBy: "me", comment: "", matchers: [{ name: "a", value: "b", isRegex: false }] };
    const { body } = await ask("POST", "/api/v2/silences", secret, silence);
    expect((await ask("GET", `/api/v2/silence/${body.silenceID}`, await key("prometheus-alertmanager"))).status).toBe(
      404,
    );
    for (const wrong of [
      { ...silence, matchers: [] },
      { ...silence, endsAt: times.startsAt },
      { ...silence, matchers: [{ name: "a", value: ".*", isRegex: true }] },
    ]) {
      expect(await ask("POST", "/api/v2/silences", secret, wrong)).toMatchObject({
        status: 400,
        body: expect.any(String),
      });
    }
  });

  test("the status page's JSON is still at the same paths", async () => {
    expect((await s.ask("GET", "/api/v2/summary.json", undefined, { token: null })).body).toHaveProperty("page");
    expect((await s.ask("GET", "/api/v2/status.json", undefined, { token: null })).body).toHaveProperty(
      "status.indicator",
    );
  });
});

describe.runIf(amtool)("amtool", () => {
  const call = async (secret: string, ...rest: string[]) => {
    const url = `--alertmanager.url=http://muster:${secret}@127.0.0.1:${new URL(s.url).port}`;
    return (await run(amtool as string, [...rest, url])).stdout;
  };

  test("adds and lists alerts, and silences", async () => {
    const secret = await key("prometheus-alertmanager");
    await call(
      secret,
      "alert",
      "add",
      "AmtoolAlert",
      "service=cart",
      "severity=critical",
      "--annotation=summary=from amtool",
    );
    await expect
      .poll(async () => (await alertsOf("q=AmtoolAlert")).map((a) => [a.title, a.severity, a.service, a.status]))
      .toEqual([["from amtool", "critical", "cart", "firing"]]);
    expect(await call(secret, "alert", "query", "alertname=AmtoolAlert")).toContain("AmtoolAlert");
    const added = (
      await call(secret, "silence", "add", "alertname=AmtoolAlert", "--comment=work", "--author=me", "--duration=1h")
    ).trim();
    expect(added).toMatch(/^[0-9a-f-]{36}$/);
    expect(await call(secret, "silence", "query")).toContain("AmtoolAlert");
    expect(await call(secret, "alert", "query", "alertname=AmtoolAlert")).not.toContain("from amtool");
    await call(secret, "silence", "expire", added);
    expect(await call(secret, "silence", "query")).not.toContain("AmtoolAlert");
    await call(
      secret,
      "alert",
      "add",
      "AmtoolAlert",
      "service=cart",
      "severity=critical",
      `--end=${new Date(Date.now() - 1_000).toISOString()}`,
    );
    await expect.poll(async () => (await alertsOf("q=AmtoolAlert")).map((a) => a.status)).toEqual(["resolved"]);
    expect(await call(secret, "config", "show")).toContain("receiver: muster");
  });
});
if (!amtool) test.skip("amtool speaks to the API (no amtool: set AMTOOL_PATH)", () => {});

describe.runIf(alertmanager)("a real Alertmanager", () => {
  let am: RealAlertmanager;
  const integrations: Record<string, string> = {};
  beforeAll(async () => {
    for (const source of ["prometheus-alertmanager", "pagerduty", "opsgenie", "victorops", "slack-compatible"]) {
      integrations[source] = await key(source);
    }
    const twice = await key("prometheus-alertmanager");
    am = await realAlertmanager(
      alertmanager as string,
      `route:
  receiver: all
  group_by: [alertname]
  group_wait: 1s
  group_interval: 1s
  repeat_interval: 1h
  routes:
    - { receiver: first, matchers: ['way="twice"'], continue: true }
    - { receiver: second, matchers: ['way="twice"'] }
receivers:
- name: all
  webhook_configs: [{url: '${s.url}/hooks/${integrations["prometheus-alertmanager"]}', send_resolved: true}]
  pagerduty_configs: [{routing_key: '${integrations.pagerduty}', url: '${s.url}/v2/enqueue', send_resolved: true}]
  opsgenie_configs: [{api_key: '${integrations.opsgenie}', api_url: '${s.url}/', send_resolved: true, update_alerts: true}]
  victorops_configs: [{api_key: '${integrations.victorops}', api_url: '${s.url}/integrations/generic/20131114/alert/', routing_key: db, send_resolved: true}]
  slack_configs: [{api_url: '${s.url}/hooks/${integrations["slack-compatible"]}', channel: '#x', send_resolved: true}]
- name: first
  webhook_configs: [{url: '${s.url}/alerts/event/prometheus', http_config: {basic_auth: {username: api_key, password: '${twice}'}}}]
- name: second
  webhook_configs: [{url: '${s.url}/alerts/event/prometheus?severity=critical', http_config: {basic_auth: {username: api_key, password: '${twice}'}}}]
`,
    );
  });
  afterAll(() => am.stop());

  const labels = { alertname: "RealOutage", service: "pay", severity: "critical", instance: "pay-1:9100" };
  const annotations = { summary: "Payments fail", runbook_url: "https://runbooks.example/pay" };

  test("drives five receivers, firing and resolved, into one room of the same service", async () => {
    await am.push([{ labels, annotations, generatorURL: "http://prom.example/graph" }]);
    await expect.poll(async () => (await alertsOf("q=RealOutage")).length, { timeout: 20_000 }).toBe(5);
    const firing = await alertsOf("q=RealOutage");
    expect(firing.map((a) => a.source).sort()).toEqual(Object.keys(integrations).sort());
    for (const alert of firing) {
      expect(alert, alert.source).toMatchObject({ status: "firing", service: "pay", severity: "critical" });
      expect(alert.labels.alertname, alert.source).toBe("RealOutage");
      expect(alert.labels.summary, alert.source).toBeUndefined();
    }
    expect(new Set(firing.map((a) => a.incident?.reference)).size).toBe(1);
    const hook = firing.find((a) => a.source === "prometheus-alertmanager");
    const own = (await (await fetch(`${am.url}/api/v2/alerts`)).json()) as { fingerprint: string }[];
    expect(hook?.dedupKey).toBe(own[0]?.fingerprint);
    await am.push([{ labels, annotations, endsAt: new Date().toISOString() }]);
    await expect
      .poll(async () => (await alertsOf("q=RealOutage")).map((a) => [a.source, a.status]).sort(), { timeout: 20_000 })
      .toEqual(
        Object.keys(integrations)
          .sort()
          .map((source) => [source, "resolved"]),
      );
    expect(am.log()).not.toMatch(/notify.*failed|unexpected status/i);
  }, 60_000);

  test("two receivers with continue and ?severity=critical give one alert of that severity", async () => {
    const twice = { alertname: "RealTwice", way: "twice", service: "search", severity: "warning" };
    await am.push([{ labels: twice }]);
    await expect
      .poll(async () => (await alertsOf("q=RealTwice")).map((a) => [a.severity, a.count, a.status]), {
        timeout: 20_000,
      })
      .toEqual([["critical", 2, "firing"]]);
    await am.push([{ labels: twice, endsAt: new Date().toISOString() }]);
    await expect
      .poll(async () => (await alertsOf("q=RealTwice")).map((a) => a.status), { timeout: 20_000 })
      .toEqual(["resolved"]);
  }, 60_000);

  test("gives labels the fingerprint that is counted here", async () => {
    const labels = { alertname: "Fingerprint", path: "/a b/ü€𝄞", zero: "0", Z: "z", a_b: "1" };
    await am.push([{ labels }]);
    const secret = await key("prometheus-alertmanager");
    await s.ask("POST", "/api/v2/alerts", [{ labels }], { token: null, headers: bearer(secret) });
    await expect
      .poll(
        async () =>
          (await s.ask<Fields[]>("GET", "/api/v2/alerts", undefined, { token: null, headers: bearer(secret) })).body
            .length,
      )
      .toBe(1);
    const ours = await s.ask<{ fingerprint: string }[]>("GET", "/api/v2/alerts", undefined, {
      token: null,
      headers: bearer(secret),
    });
    const filter = encodeURIComponent("alertname=Fingerprint");
    const theirs = (await (await fetch(`${am.url}/api/v2/alerts?filter=${filter}`)).json()) as {
      fingerprint: string;
    }[];
    expect(ours.body[0]?.fingerprint).toBe(theirs[0]?.fingerprint);
  }, 30_000);
});
if (!alertmanager) test.skip("a real Alertmanager drives five receivers (none found: set ALERTMANAGER_PATH)", () => {});
describe.runIf(prometheus)("a real Prometheus", () => {
  test("sends to the API instead of to an Alertmanager, firing and resolved", async () => {
    const secret = await key("prometheus-alertmanager");
    const folder = mkdtempSync(join(tmpdir(), "muster-prometheus-"));
    const until = Math.floor(Date.now() / 1_000) + 20;
    const rule = {
      alert: "FromPrometheus",
      expr: `vector(time()) < ${until}`,
      labels: { service: "cart", severity: "critical" },
    };
    writeFileSync(
      join(folder, "rules.yml"),
      JSON.stringify({ groups: [{ name: "g", interval: "1s", rules: [rule] }] }),
    );
    const alertmanagers = [
      { static_configs: [{ targets: [new URL(s.url).host] }], authorization: { credentials: secret } },
    ];
    const config = { global: { evaluation_interval: "1s" }, rule_files: ["rules.yml"], alerting: { alertmanagers } };
    writeFileSync(join(folder, "prometheus.yml"), JSON.stringify(config));
    const child = spawn(
      prometheus as string,
      [
        `--config.file=${folder}/prometheus.yml`,
        `--storage.tsdb.path=${folder}/data`,
        "--web.listen-address=127.0.0.1:0",
        // What it sends before it has found its target is lost, and comes again after this.
        "--rules.alert.resend-delay=2s",
      ],
      { stdio: "ignore" },
    );
    process.once("exit", () => child.kill("SIGKILL"));
    const status = (wanted: string) =>
      expect
        .poll(async () => (await alertsOf("q=FromPrometheus")).map((a) => [a.status, a.severity, a.service]), {
          timeout: 60_000,
        })
        .toEqual([[wanted, "critical", "cart"]]);
    await status("firing");
    await status("resolved");
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }, 120_000);
});
if (!prometheus) test.skip("Prometheus sends to the API (no prometheus found: set PROMETHEUS_PATH)", () => {});
