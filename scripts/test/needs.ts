import { existsSync } from "node:fs";
import path from "node:path";
import { installWithApt } from "./apt.ts";
import { findBrowser } from "./find-browser.ts";
import { findProgram, root } from "./process.ts";
import { startPostgres } from "./start-postgres.ts";
import { startRedis } from "./start-redis.ts";
import type { StepName } from "./step-names.ts";

/** What a search ends with: environment for the tests, or why there is none. */
export type Found = { env: Record<string, string> } | { missing: string };

type Need = { name: string; steps: readonly StepName[]; find: () => Promise<Found> };

const needs: readonly Need[] = [
  { name: "browser", steps: ["e2e"], find: findBrowser },
  { name: "PostgreSQL", steps: ["postgres"], find: startPostgres },
  { name: "Redis", steps: ["postgres"], find: startRedis },
  { name: "Alertmanager", steps: ["embedded", "postgres", "e2e"], find: findAlertmanager },
  { name: "Prometheus", steps: ["embedded", "postgres"], find: findPrometheus },
  { name: "Caddy", steps: ["embedded", "postgres"], find: findCaddy },
  { name: "recorded payloads", steps: ["unit", "embedded", "postgres"], find: findPayloads },
];

export type Needs = {
  env: Record<string, string>;
  /** The name of what is missing → why. */
  missing: Map<string, string>;
};

/** Finds, starts or installs what the chosen steps need, and says what it found. */
export async function findNeeds(steps: ReadonlySet<StepName>): Promise<Needs> {
  const found: Needs = { env: {}, missing: new Map() };
  for (const need of needs) {
    if (!need.steps.some((step) => steps.has(step))) continue;
    const result = await need.find();
    if ("missing" in result) {
      found.missing.set(need.name, result.missing);
      process.stdout.write(`${need.name}: none, ${result.missing}\n`);
    } else {
      Object.assign(found.env, result.env);
      process.stdout.write(`${need.name}: ${Object.values(result.env).join(", ")}\n`);
    }
  }
  return found;
}

/** Prometheus' own Alertmanager and its client, against which the compatible API is tried. */
async function findAlertmanager(): Promise<Found> {
  const find = (): Found | null => {
    const server = process.env.ALERTMANAGER_PATH || findProgram(["prometheus-alertmanager", "alertmanager"]);
    const client = process.env.AMTOOL_PATH || findProgram(["amtool"]);
    return server && client ? { env: { ALERTMANAGER_PATH: server, AMTOOL_PATH: client } } : null;
  };
  const present = find();
  if (present !== null) return present;
  const reason = await installWithApt(["prometheus-alertmanager"]);
  return find() ?? { missing: `no alertmanager and amtool found, and ${reason ?? "apt-get brought none"}` };
}

/** Prometheus itself, which sends to the compatible API. */
async function findPrometheus(): Promise<Found> {
  const find = (): Found | null => {
    const server = process.env.PROMETHEUS_PATH || findProgram(["prometheus"]);
    return server ? { env: { PROMETHEUS_PATH: server } } : null;
  };
  const present = find();
  if (present !== null) return present;
  const reason = await installWithApt(["prometheus"]);
  return find() ?? { missing: `no prometheus found, and ${reason ?? "apt-get brought none"}` };
}

/** The proxy of the Caddyfile, which serves the stored status page. */
async function findCaddy(): Promise<Found> {
  const find = (): Found | null => {
    const server = process.env.CADDY_PATH || findProgram(["caddy"]);
    return server ? { env: { CADDY_PATH: server } } : null;
  };
  const present = find();
  if (present !== null) return present;
  const reason = await installWithApt(["caddy"]);
  return find() ?? { missing: `no caddy found, and ${reason ?? "apt-get brought none"}` };
}

/** Real senders' payloads, when they lie beside the checkout. */
async function findPayloads(): Promise<Found> {
  const named = process.env.PAYLOADS_DIR;
  const folder = path.resolve(root, named === undefined || named === "" ? "../shared/payloads" : named);
  return existsSync(folder) ? { env: { PAYLOADS_DIR: folder } } : { missing: `${folder} is not there` };
}
