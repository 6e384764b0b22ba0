import { Agent, request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";

export type Sent = {
  /** The deliveries that were acknowledged, and how long each took. */
  acknowledged: string[];
  latenciesMs: number[];
  /** Answers that were no 202, by status; 0 for none at all. */
  refused: Map<number, number>;
  durationMs: number;
};
export type SendOptions = {
  connections: number;
  /** Not faster than this; without it as fast as they are answered. */
  perSecond?: number;
  /** Ends early. */
  until?: () => boolean;
};

function post(agent: Agent, url: string, body: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const sent = request(url, { method: "POST", agent, headers }, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      response.on("error", () => resolve({ status: 0, text: "" }));
    });
    sent.on("error", () => resolve({ status: 0, text: "" }));
    sent.end(body);
  });
}

/** Sends bodies over a few connections, in order of their making, at a pace or as fast as they are answered. */
export async function send(url: string, bodies: Iterator<string>, options: SendOptions): Promise<Sent> {
  const agent = new Agent({ keepAlive: true, maxSockets: options.connections });
  const sent: Sent = { acknowledged: [], latenciesMs: [], refused: new Map(), durationMs: 0 };
  const startedAt = performance.now();
  let count = 0;
  const sender = async () => {
    for (;;) {
      if (options.until?.()) return;
      const { value: body, done } = bodies.next();
      if (done) return;
      count += 1;
      if (options.perSecond) {
        const dueMs = (count / options.perSecond) * 1_000 - (performance.now() - startedAt);
        if (dueMs > 1) await pause(dueMs);
      }
      const sentAt = performance.now();
      const { status, text } = await post(agent, url, body);
      if (status === 202) {
        sent.latenciesMs.push(performance.now() - sentAt);
        sent.acknowledged.push((JSON.parse(text) as { delivery: string }).delivery);
      } else sent.refused.set(status, (sent.refused.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: options.connections }, sender));
  sent.durationMs = performance.now() - startedAt;
  agent.destroy();
  return sent;
}

export type LoadAlert = { title: string; dedupKey: string; severity: string; service?: string };

export function* alertBodies(count: number, alert: (n: number) => LoadAlert): Generator<string> {
  for (let n = 0; n < count; n += 1) yield JSON.stringify(alert(n));
}
