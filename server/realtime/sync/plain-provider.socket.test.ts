import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import { textOf } from "#/server/documents/index.ts";
import { eventually } from "#/server/testing/eventually.ts";
import { type TestSync, testSync } from "#/server/testing/test-sync.ts";

let t: TestSync;
const providers: WebsocketProvider[] = [];
beforeAll(async () => {
  t = await testSync();
  t.tokens.set("ada", await t.person("Ada"));
});
afterAll(async () => {
  for (const provider of providers) {
    provider.destroy();
    provider.awareness.destroy();
  }
  await t.close();
});

/** The provider as anybody would use it: no barrier, no `hello`, nothing of ours. */
function plain(name: string, doc = new Y.Doc()): WebsocketProvider {
  const provider = new WebsocketProvider(t.site.url, name, doc, {
    WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
    params: { token: "ada" },
    disableBc: true,
  });
  providers.push(provider);
  return provider;
}
const until = (check: () => boolean) => eventually(() => expect(check()).toBe(true));
const textIn = ({ doc }: WebsocketProvider) => doc.getText("text").toString();

describe("a plain y-websocket provider", () => {
  test("[SY4] [SY20] reads and writes beside others, and what it wrote is stored", async () => {
    const incidentId = await t.incident();
    const unknown = vi.spyOn(console, "error");
    const [one, two] = [plain(`incidents/${incidentId}/summary`), plain(`incidents/${incidentId}/summary`)];
    await until(() => one.synced && two.synced);
    one.doc.getText("text").insert(0, "plain");
    await until(() => textIn(two) === "plain");
    await eventually(async () =>
      expect(textOf(await t.restart().read(incidentId, "summary"), "summary")).toBe("plain"),
    );
    // It prints a line for every message that it does not know.
    expect(unknown).not.toHaveBeenCalled();
    unknown.mockRestore();
  });

  test("[SY11] [SY30] what it wrote while it was cut off comes with its next connection", async () => {
    const [one, two] = await Promise.all([t.incident()]).then(([id]) => [
      plain(`incidents/${id}/summary`),
      plain(`incidents/${id}/summary`),
    ]);
    if (!one || !two) throw new Error("two providers were asked for");
    await until(() => one.synced && two.synced);
    one.disconnect();
    one.doc.getText("text").insert(0, "offline ");
    two.doc.getText("text").insert(0, "online ");
    one.connect();
    await until(() => textIn(one) === textIn(two) && textIn(one).length === "offline online ".length);
  });

  test("two of one process share a document, and each its own", async () => {
    const id = await t.incident();
    const doc = new Y.Doc();
    const [summary, update] = [plain(`incidents/${id}/summary`), plain(`incidents/${id}/update`)];
    const same = plain(`incidents/${id}/summary`, doc);
    await until(() => summary.synced && update.synced && same.synced);
    summary.doc.getText("text").insert(0, "one");
    update.doc.getText("text").insert(0, "two");
    await until(() => textIn(same) === "one");
    expect(textIn(update)).toBe("two");
  });
});

const WRONG = [
  "",
  "incidents",
  "incidents/x",
  "incidents/INC-1/agenda",
  "incidents/INC-1/notes/more",
  "other/INC-1/notes",
];
const HOSTILE = [
  "incidents/../incidents/notes",
  "incidents/%00/notes",
  "incidents/INC-1%2Fnotes",
  "//evil/notes",
  "__proto__",
];

test.each([...WRONG, ...HOSTILE])("[SY1] a document named %j is 4404", async (name) => {
  const socket = new WebSocket(`${t.site.url}/${name}?token=ada`);
  expect(await new Promise((resolve) => socket.on("close", resolve))).toBe(4404);
});
