import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { UserActor } from "#/server/access/index.ts";
import { textOf } from "#/server/documents/index.ts";
import { type TestSync, testSync } from "#/server/testing/test-sync.ts";
import { pageSaveState } from "./save-registry.ts";
import type { SaveState } from "./save-tracker.ts";
import { openSharedDocument, type SharedDocument } from "./shared-document.ts";

let t: TestSync;
let ada: UserActor;
beforeAll(async () => {
  t = await testSync();
  ada = await t.person("Ada");
  t.tokens.set("ada", ada);
  t.tokens.set("vic", await t.person("Vic", "viewer"));
});
afterAll(() => t.close());

function open(incidentId: string, token: string): SharedDocument {
  return openSharedDocument({ name: `incidents/${incidentId}/summary`, serverUrl: t.site.url, params: { token } });
}
const type = (document: SharedDocument, text: string) => document.view().doc.getText("text").insert(0, text);
const until = (document: SharedDocument, state: SaveState) =>
  vi.waitFor(() => expect(document.view().saveState).toBe(state), { timeout: 8_000 });
const whenSynced = (document: SharedDocument) => vi.waitFor(() => expect(document.view().isSynced).toBe(true));

test("an edit goes from saving to saved, and is on disk by then", async () => {
  const incidentId = await t.incident();
  const document = open(incidentId, "ada");
  await whenSynced(document);
  const seen: SaveState[] = [];
  document.subscribe(() => seen.push(document.view().saveState));
  type(document, "hello");
  expect(document.view().saveState).toBe("saving");
  expect(pageSaveState()).toBe("saving");
  await until(document, "saved");
  expect(textOf(await t.restart().read(incidentId, "summary"), "summary")).toBe("hello");
  expect(pageSaveState()).toBe("saved");
  document.destroy();
});

test("while the server sends everyone off edits are kept, and saved when it takes them back", async () => {
  const incidentId = await t.incident();
  const document = open(incidentId, "ada");
  await whenSynced(document);
  t.site.sync.closeWhere(() => true, 4503);
  await vi.waitFor(() => expect(document.view().isConnected).toBe(false));
  type(document, "kept");
  expect(document.view().saveState).toBe("offline");
  await until(document, "saved");
  expect(textOf(await t.restart().read(incidentId, "summary"), "summary")).toBe("kept");
  document.destroy();
});

test("a viewer's edit is not saved, and says so", async () => {
  const document = open(await t.incident(), "vic");
  await whenSynced(document);
  expect(document.view().canWrite).toBe(false);
  type(document, "no");
  await until(document, "not_saved");
  document.destroy();
  expect(pageSaveState()).toBe("saved");
});

test("with another role it starts over, with a fresh copy", async () => {
  const document = open(await t.incident(), "ada");
  await whenSynced(document);
  const { doc } = document.view();
  t.tokens.set("ada", { ...ada, role: "viewer" });
  t.core.facts.emit("access", { userId: ada.userId });
  await vi.waitFor(() => expect(document.view().doc).not.toBe(doc));
  await vi.waitFor(() => expect(document.view().canWrite).toBe(false));
  t.tokens.set("ada", ada);
  document.destroy();
});

test("when it may not be seen any more it ends for good", async () => {
  const document = open(await t.incident(), "ada");
  await whenSynced(document);
  t.site.sync.closeWhere(() => true, 4404);
  await vi.waitFor(() => expect(document.view().closeCode).toBe(4404));
  document.destroy();
});
