import { setTimeout as pause } from "node:timers/promises";
import type { UpdateView } from "#/server/updates/contract.ts";
import { type Moment, type OutsideWorld, outsideWorld } from "./outside-world.ts";
import { freePort, PROCESS_TOKEN, type ServerProcess, startServerProcess } from "./server-process.ts";

/** Where a publish is cut off: so long after the press, or when something happens outside for the n-th time. */
export type KillPoint = { afterMs: number } | { at: Moment; nth: number };

/** Points around the commit and at each moment that somebody outside notices, and the time between them. */
export function killPoints(count: number): KillPoint[] {
  const moments: Moment[] = [
    "Slack took it",
    "mail took it",
    "Slack is asked",
    "mail answered",
    "mail has a recipient",
    "Slack answered",
    "mail is greeted",
  ];
  const named = [1, 2].flatMap((nth) =>
    moments.filter((at) => nth === 1 || at.startsWith("mail")).map((at): KillPoint => ({ at, nth })),
  );
  const first = named.slice(0, Math.ceil(count / 2));
  const timed = Array.from({ length: count - first.length }, (_, n): KillPoint => ({ afterMs: 3 + n * n }));
  return [...first, ...timed];
}

export function wordsOf(point: KillPoint): string {
  return "at" in point
    ? `when ${point.at}${point.nth > 1 ? ` for the ${point.nth}nd time` : ""}`
    : `after ${point.afterMs} ms`;
}

export type PublishKillFindings = {
  points: number;
  /** Mails that went twice under one Message-ID, because nobody could know whether the first had arrived. */
  sentAgain: number;
  /** Slack was asked whether it had a message. */
  lookedFor: number;
  /** Everything that may not happen, in words. */
  broken: string[];
  /** From the restart until everything had arrived. */
  settledMs: number[];
};

const READERS = ["ada@example.com", "lin@example.com", "grace@example.com"];
const SETTLE_LIMIT_MS = 60_000;
/** A moment that does not come, because the press was cut off before it, is not waited for longer. */
const MOMENT_LIMIT_MS = 10_000;

type Page = { incidents: { incident_updates: { body: string }[] }[] };

class PublishKills {
  readonly findings: PublishKillFindings = { points: 0, sentAgain: 0, lookedFor: 0, broken: [], settledMs: [] };
  readonly #world: OutsideWorld;
  readonly #environment: Record<string, string>;
  #server: ServerProcess;

  constructor(world: OutsideWorld, environment: Record<string, string>, server: ServerProcess) {
    this.#world = world;
    this.#environment = environment;
    this.#server = server;
  }

  async prepare(): Promise<void> {
    for (const email of READERS) {
      await this.#server.ask("POST", "/api/v1/subscribers", { email, confirmed: true });
    }
  }

  /** One press, cut off at the point and pressed again after the restart with its own key, as browsers and scripts do. */
  async cutOff(point: KillPoint, marker: string): Promise<void> {
    this.findings.points += 1;
    const { body } = await this.#server.ask<{ id: string }>("POST", "/api/v1/incidents", { title: `About ${marker}` });
    const path = `/api/v1/incidents/${body.id}/updates`;
    const press = () =>
      this.#server.ask(
        "POST",
        path,
        { status: "identified", title: "Checkout", body: marker, channels: ["status_page", "slack", "email"] },
        { headers: { "idempotency-key": marker } },
      );
    const moment = this.#until(point);
    const pressed = press().catch(() => undefined);
    await moment;
    // A moment that comes too late must not end the next server.
    this.#world.listeners.onMoment = () => {};
    await this.#server.killHard();
    await pressed;
    this.#server = await startServerProcess(this.#environment);
    const startedAt = performance.now();
    const again = await press();
    if (again.status !== 201 && again.status !== 409) this.#note(point, `the repeat was answered ${again.status}`);
    await this.#settle(path, point);
    this.findings.settledMs.push(Math.round(performance.now() - startedAt));
    await this.#look(path, point, marker);
  }

  #until(point: KillPoint): Promise<void> {
    if ("afterMs" in point) return pause(point.afterMs);
    let left = point.nth;
    const come = new Promise<void>((resolve) => {
      this.#world.listeners.onMoment = (moment) => {
        if (moment !== point.at) return;
        left -= 1;
        if (left !== 0) return;
        // At once: whatever answer is on its way is not heard any more.
        this.#server.signal("SIGKILL");
        resolve();
      };
    });
    return Promise.race([come, pause(MOMENT_LIMIT_MS, undefined, { ref: false })]);
  }

  async #updates(path: string): Promise<UpdateView[]> {
    return (await this.#server.ask<{ items: UpdateView[] }>("GET", path)).body.items;
  }

  async #settle(path: string, point: KillPoint): Promise<void> {
    const end = performance.now() + SETTLE_LIMIT_MS;
    for (;;) {
      const [update] = await this.#updates(path);
      const open = update?.deliveries.filter((one) => one.state !== "sent") ?? [];
      if (update && open.length === 0) return;
      if (performance.now() > end) {
        return this.#note(point, `did not come to an end: ${open.map((one) => `${one.channel} ${one.state}`).join()}`);
      }
      await pause(30);
    }
  }

  async #look(path: string, point: KillPoint, marker: string): Promise<void> {
    const count = (what: string, found: number, wanted = 1) => {
      if (found !== wanted) this.#note(point, `${found} ${what} instead of ${wanted}`);
    };
    count("updates", (await this.#updates(path)).length);
    const timeline = await this.#server.ask<{ items: { type: string }[] }>(
      "GET",
      path.replace("/updates", "/timeline"),
    );
    count("entries", timeline.body.items.filter((entry) => entry.type === "update.published").length);
    const page = await this.#server.ask<Page>("GET", "/api/v2/incidents.json", undefined, { token: null });
    const shown = page.body.incidents.flatMap((incident) => incident.incident_updates);
    count("updates on the page", shown.filter((update) => update.body === marker).length);
    // The incident's card shows the text too; what answers it is the update.
    const answers = this.#world.messages.filter((message) => message.threadTs !== undefined);
    count("messages in Slack", answers.filter((message) => message.text.includes(marker)).length);
    for (const to of READERS) {
      const own = this.#world.mails.filter((mail) => mail.to === to && mail.text.includes(marker));
      const distinct = new Set(own.map((mail) => mail.messageId)).size;
      count(`mails to ${to}`, distinct);
      this.findings.sentAgain += own.length - distinct;
    }
    this.findings.lookedFor = this.#world.lookups();
  }

  #note(point: KillPoint, what: string): void {
    this.findings.broken.push(`killed ${wordsOf(point)}: ${what}`);
  }

  async close(): Promise<void> {
    await this.#server.killHard();
  }
}

/** Kills a real server in the middle of one publish after the other, and says what the world saw of each. */
export async function runPublishKills(
  place: Record<string, string>,
  points: readonly KillPoint[],
): Promise<PublishKillFindings> {
  const world = await outsideWorld();
  const port = String(await freePort());
  const environment = { ...place, ...world.environment, MUSTER_API_TOKEN: PROCESS_TOKEN, PORT: port };
  const run = new PublishKills(world, environment, await startServerProcess(environment));
  try {
    await run.prepare();
    for (const [n, point] of points.entries()) await run.cutOff(point, `marker-${n + 1}-x`);
    return run.findings;
  } finally {
    await run.close();
    await world.close();
  }
}
