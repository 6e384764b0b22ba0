import { setTimeout as pause } from "node:timers/promises";
import type { ServerProcess } from "#/server/testing/server-process.ts";

/** An incident about which something new is published again and again, so that each version can be told apart; the first is on the page. */
export type Newsroom = {
  /** Publishes the next version, and says when it was answered. */
  publish(): Promise<void>;
  /** When each version was answered by the API, on this process's clock. */
  readonly publishedAt: readonly number[];
};

export async function openNewsroom(server: ServerProcess): Promise<Newsroom> {
  const incident = await server.ask<{ id: string }>("POST", "/api/v1/incidents", {
    title: "internal",
    severity: "SEV2",
  });
  const components: string[] = [];
  for (const name of ["Checkout", "Accounts", "API", "Search", "Mail", "Reports"]) {
    const made = await server.ask<{ id: string }>("POST", "/api/v1/components", { name });
    components.push(made.body.id);
  }
  const publishedAt: number[] = [];
  const publish = async () => {
    const version = publishedAt.length;
    const answer = await server.ask("POST", `/api/v1/incidents/${incident.body.id}/updates`, {
      status: "identified",
      title: `Title ${version}.`,
      body: `Body ${version}. We found the cause and are rolling back; card payments in Europe may fail, PayPal works.`,
      channels: ["status_page"],
      components: components.slice(0, 2).map((id) => ({ id, status: "partial_outage" })),
    });
    if (answer.status !== 201) throw new Error(`publishing answered ${answer.status}: ${answer.text}`);
    publishedAt.push(performance.now());
  };
  await publish();
  // Until then the page tells of what another newsroom said.
  for (let tries = 0; versionOf("/status", (await server.ask("GET", "/status")).text) !== 0; tries += 1) {
    if (tries > 300) throw new Error("the first version does not come to the page");
    await pause(100);
  }
  return { publishedAt, publish };
}

/** Which version a document is of; undefined for one that is of two at once, -1 before the first. */
export function versionOf(path: string, body: string): number | undefined {
  const said = path.endsWith(".json") ? inJson(body) : inPage(body);
  if (!said) return -1;
  return said.title === said.body ? said.title : undefined;
}

function numberIn(text: string | undefined, word: string): number {
  return Number(new RegExp(`${word} (\\d+)\\.`).exec(text ?? "")?.[1] ?? Number.NaN);
}

function inJson(text: string) {
  const [incident] = (JSON.parse(text) as { incidents: { name: string; incident_updates: { body: string }[] }[] })
    .incidents;
  return (
    incident && { title: numberIn(incident.name, "Title"), body: numberIn(incident.incident_updates[0]?.body, "Body") }
  );
}

function inPage(text: string) {
  if (!text.endsWith("</html>\n")) return { title: 0, body: 1 };
  if (!/Title \d/.test(text)) return undefined;
  return { title: numberIn(text, "Title"), body: numberIn(text, "Body") };
}
