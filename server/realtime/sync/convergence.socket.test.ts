import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as Y from "yjs";
import { contentHash, documentFrom } from "#/server/documents/index.ts";
import { eventually } from "#/server/testing/eventually.ts";
import { seeded } from "#/server/testing/seeded.ts";
import { type Client, type TestSync, testSync } from "#/server/testing/test-sync.ts";

const PEOPLE = 4;
const STEPS = 120;

let t: TestSync;
beforeAll(async () => {
  t = await testSync();
  for (let index = 0; index < PEOPLE; index += 1) t.tokens.set(`p${index}`, await t.person(`Person ${index}`));
});
afterAll(() => t.close());

function act(client: Client, random: () => number, token: string): void {
  const notes = client.doc.getMap<Y.Text>("notes");
  const keys = [...notes.keys()];
  const key = keys[Math.floor(random() * keys.length)];
  const roll = random();
  if (!key || roll < 0.05) {
    notes.set(randomUUID(), new Y.Text(token));
    return;
  }
  const text = notes.get(key);
  if (!text) return;
  const at = Math.floor(random() * (text.length + 1));
  if (roll < 0.15) client.provider.disconnect();
  else if (roll < 0.3) client.provider.connect();
  else if (roll < 0.45 && text.length > 3) text.delete(Math.min(at, text.length - 1), 1);
  else text.insert(at, token);
}

test.each([1, 2, 3])(
  "[SY20] [SY22] people who type at once, with interruptions, end with one text (seed %i)",
  async (seed) => {
    const random = seeded(seed);
    const incidentId = await t.incident();
    const name = `incidents/${incidentId}/notes`;
    const clients = await Promise.all(Array.from({ length: PEOPLE }, (_, index) => t.join(name, `p${index}`).synced()));
    for (let step = 0; step < STEPS; step += 1) {
      const client = clients[Math.floor(random() * PEOPLE)];
      if (client) act(client, random, `${step};`);
      if (random() < 0.2) await new Promise((resolve) => setTimeout(resolve, random() * 10));
    }
    for (const client of clients) client.provider.connect();
    await Promise.all(clients.map((client) => client.synced()));
    const answered = clients.map((client) => client.barrier());
    await eventually(() => expect(answered.every((isAnswered) => isAnswered())).toBe(true));
    const stored = contentHash(await t.restart().read(incidentId, "notes"), "notes");
    await eventually(() => {
      const hashes = clients.map((client) =>
        contentHash(documentFrom("notes", [Y.encodeStateAsUpdate(client.doc)]), "notes"),
      );
      expect(new Set([...hashes, stored]).size).toBe(1);
    });
    expect(clients.map((client) => client.closedWith)).toEqual(clients.map(() => null));
    expect(clients.every((client) => client.doc.store.pendingStructs === null)).toBe(true);
  },
);
