import { type DemoClient, pause } from "./client.ts";

type Person = { id: string; token: string };
type Incident = { id: string; reference: string };

/** Long enough to read along, short enough to stay. */
const STEP_MS = 4_000;

const RUNBOOK = `# Checkout returns errors

Look at the pool first: \`kubectl top pods -l app=checkout\`.

- [ ] Stop the deploy train
- [ ] Roll back
  - [ ] one region, then 10 minutes of green
  - [ ] the other regions
- [ ] Tell support what customers see`;

async function person(client: DemoClient, name: string): Promise<Person> {
  const email = `${name.toLowerCase().split(" ")[0]}@example.com`;
  const { id } = await client.ask<{ id: string }>("POST", "/api/v1/users", { email, name, role: "responder" });
  const { token } = await client.ask<{ token: string }>("POST", "/api/v1/tokens", { name: "demo", userId: id });
  return { id, token };
}

function alert(
  name: string,
  summary: string,
  fingerprint: string,
  status: "firing" | "resolved",
  severity = "critical",
) {
  return {
    status,
    labels: { alertname: name, service: "checkout", severity, region: "eu-west" },
    annotations: { summary, runbook_url: "https://runbooks.example/checkout" },
    startsAt: new Date().toISOString(),
    endsAt: status === "resolved" ? new Date().toISOString() : "0001-01-01T00:00:00Z",
    fingerprint,
  };
}

async function triageIncident(client: DemoClient): Promise<Incident> {
  for (let tries = 0; tries < 50; tries++) {
    const { items } = await client.ask<{ items: Incident[] }>("GET", "/api/v1/incidents?status=triage");
    if (items[0]) return items[0];
    await pause(200);
  }
  throw new Error("the alerts opened no incident");
}

/** An outage of a checkout, told in real time: alerts, triage, three responders, two updates, the end. */
export async function playOutage(client: DemoClient, say: (line: string) => void): Promise<void> {
  const { key } = await client.ask<{ key: string }>("POST", "/api/v1/integrations", {
    name: "Prometheus",
    source: "prometheus-alertmanager",
  });
  const send = (alerts: unknown[]) => client.ask("POST", `/hooks/${key}`, { version: "4", alerts });
  const checkout = await client.ask<{ id: string }>("POST", "/api/v1/components", { name: "Checkout" });
  await client.ask("POST", "/api/v1/components", { name: "Search" });
  await client.ask("POST", "/api/v1/services", { name: "checkout", runbook: RUNBOOK });
  const ada = await person(client, "Ada Kovač");
  const lin = await person(client, "Lin Wei");
  const sam = await person(client, "Sam Moreau");

  await pause(STEP_MS);
  say("Alerts arrive.");
  const errors = ["a1", "HighErrorRate", "Checkout returns 5xx in eu-west"] as const;
  const pool = ["a2", "PoolExhausted", "Connection pool of checkout is exhausted"] as const;
  await send([alert(errors[1], errors[2], errors[0], "firing"), alert(pool[1], pool[2], pool[0], "firing", "error")]);
  const incident = await triageIncident(client);
  const path = `/api/v1/incidents/${incident.id}`;
  say(`${incident.reference} is open in triage.`);

  await pause(STEP_MS * 2);
  await client.ask("POST", `${path}/accept`, { severity: "SEV1" }, ada.token);
  await client.ask("PUT", `${path}/roles/commander`, {}, ada.token);
  await pause(STEP_MS / 2);
  await client.ask("PUT", `${path}/roles/operations`, {}, lin.token);
  await client.ask("PUT", `${path}/roles/communications`, {}, sam.token);
  await client.typeNote(
    lin.token,
    incident.id,
    "Error started 40 s after the deploy. Pool is at its limit on every pod:\n\n```\npool: 50/50 in use, 312 waiting\n```",
  );
  await client.ask(
    "PATCH",
    path,
    { hypothesis: "Pool exhausted after the 10:00 deploy", impactText: "Half of card payments in eu-west fail" },
    ada.token,
  );
  await client.ask("POST", `${path}/tasks`, { title: "Roll back eu-west", ownerId: lin.id, minutes: 10 }, ada.token);
  await client.ask("POST", `${path}/tasks`, { title: "Count failed orders", ownerId: sam.id, minutes: 15 }, ada.token);
  await client.typeNote(
    ada.token,
    incident.id,
    "**Decision:** roll back `checkout 2026.11.3` in eu-west first, us-east after 10 minutes of green.",
  );

  say("The first update goes out.");
  await client.ask(
    "POST",
    `${path}/updates`,
    {
      status: "identified",
      title: "Card payments fail in Europe",
      body: "We found the cause and are rolling back. Card payments in Europe may fail; PayPal works. Next update in 20 minutes.",
      channels: ["status_page"],
      components: [{ id: checkout.id, status: "partial_outage" }],
    },
    sam.token,
  );
  await comeBack(client, { incident, path, lin, sam, firing: [errors, pool], send }, say);
}

type Outage = {
  incident: Incident;
  path: string;
  lin: Person;
  sam: Person;
  firing: (readonly [string, string, string])[];
  send: (alerts: unknown[]) => Promise<unknown>;
};

/** The second half: support counts, the rollback works, the last update goes out. */
async function comeBack(client: DemoClient, outage: Outage, say: (line: string) => void): Promise<void> {
  const { incident, path, lin, sam, firing, send } = outage;
  await client.typeNote(sam.token, incident.id, "Support counts 61 tickets. Refunds are queued, not lost.");
  await pause(STEP_MS * 2);
  await send(firing.map(([fingerprint, name, summary]) => alert(name, summary, fingerprint, "resolved")));
  await client.typeNote(lin.token, incident.id, "Rollback is through, error rate is back to normal.");

  say("The last update goes out.");
  await client.ask(
    "POST",
    `${path}/updates`,
    {
      status: "resolved",
      body: "The rollback is complete and card payments work again. No payment was lost.",
      channels: ["status_page"],
    },
    sam.token,
  );
}
