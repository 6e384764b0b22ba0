import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { alertSeverities } from "#/server/alerts/shared/lists.ts";

const seconds = z.number().int().min(0);
const fires = z.strictObject({
  at: seconds,
  alert: z.string(),
  service: z.string(),
  severity: z.enum(alertSeverities),
  /** Which outage it belongs to in truth; `noise:…` belongs to none. */
  outage: z.string(),
  labels: z.record(z.string(), z.string()).default({}),
  /** Fires and ends so often, every so many seconds. */
  flaps: z.number().int().optional(),
  /** Fires on so many hosts, one after the other. */
  hosts: z.number().int().optional(),
  every: seconds.optional(),
  /** What people do when it is held. */
  people: z.literal("reopen").optional(),
});
const ends = z.strictObject({ at: seconds, end: z.string(), service: z.string() });
const resolves = z.strictObject({ at: seconds, resolve: z.string() });
const outageFile = z.strictObject({
  name: z.string(),
  graph: z.record(z.string(), z.array(z.string())),
  labels: z.record(z.string(), z.string()),
  events: z.array(z.union([fires, ends, resolves])),
});

/** One thing that happens, by the simulated clock. `key` names one problem from its firing to its end. */
export type Happening = { atSeconds: number } & (
  | {
      kind: "fires";
      key: string;
      name: string;
      service: string;
      severity: string;
      labels: Record<string, string>;
      outage: string;
      reopens: boolean;
    }
  | { kind: "ends"; key: string }
  | { kind: "people resolve"; outage: string }
);
/** A labelled story: what happens, and which outage each alert belongs to in truth. */
export type OutageStory = { file: string; name: string; graph: Record<string, string[]>; happenings: Happening[] };

function expanded(event: z.infer<typeof fires>, labels: Record<string, string>): Happening[] {
  const every = event.every ?? 60;
  const fire = (atSeconds: number, host?: string): Happening => ({
    kind: "fires",
    atSeconds,
    key: `${event.alert}/${event.service}${host ? `/${host}` : ""}`,
    name: event.alert,
    service: event.service,
    severity: event.severity,
    labels: { ...labels, ...event.labels, ...(host && { host }) },
    outage: event.outage,
    reopens: event.people === "reopen",
  });
  const hosts = Array.from({ length: event.hosts ?? 0 }, (_, n) => fire(event.at + n * every, `host-${n + 1}`));
  if (hosts.length > 0) return hosts;
  return Array.from({ length: event.flaps ?? 1 }, (_, n) => event.at + n * every).flatMap((at): Happening[] => {
    const once = fire(at);
    if (!event.flaps || once.kind !== "fires") return [once];
    return [once, { kind: "ends", atSeconds: at + Math.floor(every / 2), key: once.key }];
  });
}

function storyOf(file: string, text: string): OutageStory {
  const { name, graph, labels, events } = outageFile.parse(parse(text));
  const happenings = events.flatMap((event): Happening[] => {
    if ("alert" in event) return expanded(event, labels);
    if ("end" in event) return [{ kind: "ends", atSeconds: event.at, key: `${event.end}/${event.service}` }];
    return [{ kind: "people resolve", atSeconds: event.at, outage: event.resolve }];
  });
  return { file, name, graph, happenings: happenings.sort((a, b) => a.atSeconds - b.atSeconds) };
}

/** The labelled stories of `stories/`, by file name. */
export function outageStories(): OutageStory[] {
  const folder = new URL("stories/", import.meta.url);
  return readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .map((file) => storyOf(file.replace(".yaml", ""), readFileSync(new URL(file, folder), "utf8")));
}
