import type { TestServer } from "./start-test-server.ts";

let serial = 0;

/** Adds an integration of a source by the API; its key. */
export async function addSender(s: TestServer, source: string): Promise<string> {
  serial += 1;
  const name = `${source}-${serial}`;
  const made = await s.ask<{ key: string }>("POST", "/api/v1/integrations", { name, source });
  if (made.status !== 201) throw new Error(`the integration was answered with ${made.status}`);
  return made.body.key;
}

/** The alerts that a search of the API finds, as `q=…`. */
export async function alertsWhere<Alert>(s: TestServer, query: string): Promise<Alert[]> {
  return (await s.ask<{ items: Alert[] }>("GET", `/api/v1/alerts?${query}`)).body.items;
}
