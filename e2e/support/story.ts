import { until } from "./free-port.ts";
import { type Mail, startMailbox } from "./mailbox.ts";
import { Muster } from "./muster.ts";
import { startSlack } from "./slack.ts";

type WithId = { id: string };
type Incident = { id: string; reference: string };
type Delivery = { channel: string; state: string };
type Teller = { id: string; name: string; email: string; token: string };
type AlertSaid = { name: string; summary: string; service: string; severity: string; minutesAgo: number };

/** No hyphen, no space: what a log or a token looks like to a layout. */
export const LONG_WORD = `trace_${"4bf92f3577b34da6a3ce929d0e0e4736".repeat(6)}`;
export const ACTIVE_TITLE = "Checkout returns 5xx in eu-west";
export const TRIAGE_TITLE = "Search latency p95 over 2 s";
export const RESOLVED_TITLE = "Card tokens rejected by the new gateway";

const LOG = `Error started 40 s after the deploy. Pool is at its limit on every pod:

\`\`\`
2026-11-21T10:01:44Z checkout-7f9c pool: 50/50 in use, 312 waiting
2026-11-21T10:01:49Z checkout-7f9c timeout acquiring connection after 5000ms (statement: select * from carts)
\`\`\``;

function wire({ name, summary, service, severity, minutesAgo }: AlertSaid, isOver = false) {
  const startsAt = new Date(Date.now() - minutesAgo * 60_000).toISOString();
  return {
    status: isOver ? "resolved" : "firing",
    labels: { alertname: name, service, severity, region: "eu-west" },
    annotations: { summary, runbook_url: "https://runbooks.example/checkout" },
    startsAt,
    endsAt: isOver ? new Date().toISOString() : "0001-01-01T00:00:00Z",
    fingerprint: name,
    generatorURL: "https://prometheus.example/graph?g0.expr=errors",
  };
}

/** A server in the middle of a bad morning: one incident over, one burning, one to be decided. */
export type Story = {
  muster: Muster;
  ada: Teller;
  lin: Teller;
  sam: Teller;
  resolved: Incident;
  active: Incident;
  triage: Incident;
  /** Where the public reads of the active one. */
  publicPath: string;
  /** Held after the end of the resolved one. */
  alertId: string;
  /** Where that came from; it has a heartbeat. */
  integrationId: string;
  mails: Mail[];
  stop(): Promise<void>;
};

async function teller(muster: Muster, name: string, address: string): Promise<Teller> {
  const email = `${address}@example.com`;
  const { id } = await muster.api<WithId>("POST", "/api/v1/users", {
    email,
    name,
    role: "responder",
    password: "correct horse battery staple",
  });
  const { token } = await muster.api<{ token: string }>("POST", "/api/v1/tokens", { name: "laptop", userId: id });
  return { id, name, email, token };
}

async function inTriage(muster: Muster): Promise<Incident> {
  return until("an incident in triage", async () => {
    const { items } = await muster.api<{ items: Incident[] }>("GET", "/api/v1/incidents?status=triage");
    return items[0];
  });
}

/** Waits until nothing of an incident's updates is on its way any more. */
async function allSent(muster: Muster, incident: Incident): Promise<Delivery[]> {
  return until("the end of every delivery", async () => {
    const { items } = await muster.api<{ items: { deliveries: Delivery[] }[] }>(
      "GET",
      `/api/v1/incidents/${incident.id}/updates`,
    );
    const deliveries = items.flatMap((update) => update.deliveries);
    return deliveries.every(({ state }) => ["sent", "failed"].includes(state)) && deliveries;
  });
}

async function tellResolved(muster: Muster, ada: Teller, lin: Teller): Promise<Incident> {
  const incident = await muster.api<Incident>(
    "POST",
    "/api/v1/incidents",
    { title: RESOLVED_TITLE, severity: "SEV2", services: ["payments"] },
    ada.token,
  );
  const path = `/api/v1/incidents/${incident.id}`;
  await muster.api("PUT", `${path}/roles/commander`, {}, ada.token);
  await muster.api("POST", `${path}/timeline`, { body: "The gateway rejects tokens older than a day." }, lin.token);
  await muster.api("POST", `${path}/timeline`, { body: `The slowest trace: ${LONG_WORD}` }, lin.token);
  await muster.api("POST", `${path}/timeline`, { body: "**Decision:** back to the old gateway." }, ada.token);
  await muster.api("POST", `${path}/resolve`, { summary: "Traffic is back on the old gateway." }, ada.token);
  await muster.api("POST", `${path}/postmortem`);
  await muster.api("POST", "/api/v1/action-items", {
    incidentId: incident.id,
    title: "Test tokens of every age against a new gateway",
    ownerId: lin.id,
    dueOn: "2026-12-01",
  });
  await muster.api("POST", "/api/v1/action-items", { incidentId: incident.id, title: "One press to go back" });
  return incident;
}

/** Routes and mutes that touch nothing of the story. */
async function tellRouting(muster: Muster, ada: Teller, alertmanagerKey: string): Promise<void> {
  const routes = [
    { name: "Staging stays quiet", condition: 'labels.env == "staging" || labels.env == "test"', suppress: true },
    {
      name: "Databases, by cluster and only in numbers",
      condition:
        'source == "prometheus-alertmanager" && labels.job.startsWith("postgres") && (now.hour >= 22 || now.hour < 7)',
      severity: "error",
      team: "storage",
      groupBy: ["service", "labels.cluster"],
      groupWindow: { minutes: 60, kind: "sliding" },
      threshold: { count: 3, minutes: 10 },
      debounceMinutes: 60,
      autoResolve: "propose",
      tell: ["slack:#storage"],
    },
  ];
  for (const route of routes) await muster.api("POST", "/api/v1/alert-routes", route);
  const hours = (count: number) => new Date(Date.now() + count * 3_600_000).toISOString();
  const mutes = [
    { services: ["accounts-import"], until: hours(2), reason: "The import is moved to the new cluster" },
    { condition: 'labels.zone == "eu-1b"', from: hours(30), until: hours(34), reason: "The provider moves the zone" },
  ];
  for (const mute of mutes) await muster.api("POST", "/api/v1/alert-mutes", mute, ada.token);
  const matcher = (name: string, value: string, isRegex = false) => ({ name, value, isRegex, isEqual: true });
  const silence = {
    matchers: [matcher("alertname", "DiskWillFillIn4Hours"), matcher("instance", "archive-[0-9]+:9100", true)],
    startsAt: hours(-1),
    endsAt: hours(5),
    createdBy: "lin@acme.example",
    comment: "Old archives are packed tonight",
  };
  await muster.api("POST", "/api/v2/silences", silence, alertmanagerKey);
}

/** The alerts open it, Ada takes it on, the others join in. */
async function tellActive(
  muster: Muster,
  { ada, lin, sam }: Pick<Story, "ada" | "lin" | "sam">,
  send: (alerts: unknown[]) => Promise<unknown>,
): Promise<Incident> {
  const errors = { name: "HighErrorRate", service: "checkout", severity: "critical", minutesAgo: 24 };
  const pool = { name: "PoolExhausted", service: "checkout", severity: "error", minutesAgo: 23 };
  const latency = { name: "LatencyP95", service: "checkout", severity: "warning", minutesAgo: 22 };
  await send([wire({ ...errors, summary: "5xx above 5 % in eu-west" })]);
  const incident = await inTriage(muster);
  const path = `/api/v1/incidents/${incident.id}`;
  await muster.api("POST", `${path}/accept`, { severity: "SEV1", title: ACTIVE_TITLE }, ada.token);
  for (let count = 0; count < 4; count++) {
    await send([
      wire({ ...errors, summary: `5xx at ${7 + count} % in eu-west` }),
      wire({ ...pool, summary: "Connection pool of checkout is exhausted" }),
    ]);
  }
  await send([wire({ ...latency, summary: "p95 over 3 s" })]);
  await send([wire({ ...latency, summary: "p95 over 3 s" }, true)]);

  await muster.api("PUT", `${path}/roles/commander`, {}, ada.token);
  await muster.api("PUT", `${path}/roles/operations`, {}, lin.token);
  await muster.api("PUT", `${path}/roles/communications`, {}, sam.token);
  await muster.api("POST", `${path}/timeline`, { body: LOG }, lin.token);
  await muster.api(
    "PATCH",
    path,
    {
      summary:
        "Half of card payments in **eu-west** fail. Rollback of `checkout 2026.11.3` runs. Refunds wait, none are lost.",
      impactText: "About 4,200 failed orders; PayPal works",
      hypothesis: "Pool exhausted after the 10:00 deploy",
      links: [{ kind: "bridge", title: "meet/checkout", url: "https://meet.example/checkout" }],
    },
    ada.token,
  );
  const freeze = await muster.api<WithId>("POST", `${path}/tasks`, { title: "Freeze deploys", ownerId: ada.id });
  await muster.api("PATCH", `${path}/tasks/${freeze.id}`, { status: "done" }, ada.token);
  const back = { title: "Roll back eu-west", ownerId: lin.id, minutes: 10 };
  const task = await muster.api<WithId>("POST", `${path}/tasks`, back, ada.token);
  await muster.api("PATCH", `${path}/tasks/${task.id}`, { acknowledged: true }, lin.token);
  await muster.api("POST", `${path}/tasks`, { title: "Count failed orders", ownerId: sam.id, minutes: 15 }, ada.token);
  await muster.api("POST", `${path}/tasks`, { title: "Ask the gateway's team for their graphs" }, ada.token);
  const decision = "**Decision:** roll back `checkout 2026.11.3` in eu-west first, us-east after 10 minutes of green.";
  await muster.api("POST", `${path}/timeline`, { body: decision }, ada.token);
  return incident;
}

/** Payments fail again shortly after the end, and a job is to report. Answers the alert's id. */
async function tellHeld(muster: Muster, jobs: WithId & { url: string }): Promise<string> {
  const alert = { title: RESOLVED_TITLE, service: "payments", dedupKey: "tokens", severity: "error", status: "firing" };
  await muster.api("POST", new URL(jobs.url).pathname, { ...alert, labels: { region: "eu-west", trace: LONG_WORD } });
  await muster.api("POST", `/api/v1/integrations/${jobs.id}/heartbeats`, { name: "nightly-backup" });
  return until("the held alert", async () => {
    const { items } = await muster.api<{ items: (WithId & { heldFor: Incident | null })[] }>(
      "GET",
      "/api/v1/alerts?q=tokens",
    );
    return items[0]?.heldFor && items[0].id;
  });
}

/** Two updates: the first arrives everywhere, the second is refused by Slack. */
async function tellUpdates(
  story: Pick<Story, "muster" | "sam" | "active">,
  checkout: WithId,
  refuse: () => void,
): Promise<void> {
  const { muster, sam, active } = story;
  const path = `/api/v1/incidents/${active.id}`;
  const channels = ["status_page", "slack", "email"];
  const publish = (update: object) => muster.api("POST", `${path}/updates`, { channels, ...update }, sam.token);
  await publish({
    status: "investigating",
    title: "Card payments fail in Europe",
    body: "Some card payments fail. We are looking into it.",
    components: [{ id: checkout.id, status: "partial_outage" }],
  });
  await allSent(muster, active);
  refuse();
  await publish({
    status: "identified",
    body: "We found the cause and are rolling back. Card payments in Europe may fail; PayPal works.",
    components: [{ id: checkout.id, status: "partial_outage" }],
  });
  const deliveries = await allSent(muster, active);
  if (!deliveries.some(({ state }) => state === "failed")) throw new Error("Slack took what it was to refuse");
  await muster.api("POST", `${path}/timeline`, { body: "Support counts 61 tickets. Refunds are queued." }, sam.token);
  const due = new Date(Date.now() + 12 * 60_000).toISOString();
  await muster.api("PATCH", path, { nextUpdateDueAt: due }, sam.token);
}

async function subscribe(muster: Muster, checkout: WithId): Promise<void> {
  await muster.api("POST", "/api/v1/subscribers", { email: "cto@example.com", confirmed: true });
  await muster.api("POST", "/api/v1/subscribers", {
    email: "shop@example.com",
    confirmed: true,
    components: [checkout.id],
  });
  await muster.api("POST", "/api/v1/subscribers", { email: "waits@example.com" });
}

/** Starts a server and tells the story on it, all by API. */
export async function startStory(): Promise<Story> {
  const [mailbox, slack] = [await startMailbox(), await startSlack()];
  const muster = await Muster.start({
    SMTP_URL: mailbox.url,
    MAIL_FROM: "status@example.com",
    SLACK_BOT_TOKEN: "xoxb-test",
    SLACK_CHANNEL: "C0INCIDENTS",
    SLACK_API_URL: slack.url,
  });
  const { url: hook, key } = await muster.api<{ url: string; key: string }>("POST", "/api/v1/integrations", {
    name: "Prometheus",
    source: "prometheus-alertmanager",
  });
  const jobs = await muster.api<WithId & { url: string }>("POST", "/api/v1/integrations", {
    name: "Nightly jobs",
    source: "generic-json",
  });
  let serial = 0;
  const send = (alerts: unknown[]) =>
    muster.api("POST", new URL(hook).pathname, { version: "4", groupKey: String(serial++), alerts });
  const settings = {
    organisation: { name: "Acme" },
    statusPage: { name: "Acme status" },
    tellEmails: ["on@acme.example"],
  };
  await muster.api("PATCH", "/api/v1/settings", settings);
  const checkout = await muster.api<WithId>("POST", "/api/v1/components", {
    name: "Checkout",
    description: "Cart and payment",
  });
  for (const name of ["Accounts", "Search"]) await muster.api("POST", "/api/v1/components", { name });
  const ada = await teller(muster, "Ada Kovač", "ada");
  const lin = await teller(muster, "Lin Wei", "lin");
  const sam = await teller(muster, "Sam Moreau", "sam");
  const runbook = "# Checkout\n\n- [x] Read this\n- [ ] Stop the deploy train\n- [ ] Roll back\n  - [ ] wait for green";
  const runbookUrl = "https://runbooks.example/checkout";
  const owned = { description: "Cart and payment", ownerId: lin.id, runbook, runbookUrl };
  await muster.api("POST", "/api/v1/services", { name: "checkout", tellEmails: ["payments@acme.example"], ...owned });
  for (const name of ["payments", "search"]) await muster.api("POST", "/api/v1/services", { name });
  await subscribe(muster, checkout);

  await tellRouting(muster, ada, key);
  const resolved = await tellResolved(muster, ada, lin);
  const active = await tellActive(muster, { ada, lin, sam }, send);
  await tellUpdates({ muster, sam, active }, checkout, () =>
    slack.script.push({
      status: 200,
      body: { ok: false, error: "channel_not_found" },
      // The card says it too, and other messages are on their way at the same time.
      isFor: (args) => args.thread_ts !== undefined && JSON.stringify(args).includes("rolling back"),
    }),
  );
  const lag = { name: "SearchLatency", summary: TRIAGE_TITLE, service: "search", severity: "warning", minutesAgo: 1 };
  await send([wire(lag)]);
  const triage = await inTriage(muster);
  const alertId = await tellHeld(muster, jobs);
  const page = await (await fetch(`${muster.url}/status`)).text();
  const publicPath = /\/status\/incidents\/[A-Za-z0-9_-]+/.exec(page)?.[0];
  if (!publicPath) throw new Error("the status page links to no incident");
  return {
    muster,
    ...{ ada, lin, sam, resolved, active, triage, publicPath, alertId, integrationId: jobs.id },
    mails: mailbox.mails,
    async stop() {
      await muster.stop();
      await Promise.all([mailbox.stop(), slack.stop()]);
    },
  };
}
