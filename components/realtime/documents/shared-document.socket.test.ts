import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { UserActor } from "#/server/access/index.ts";
import { textOf } from "#/server/documents/index.ts";
import { eventually } from "#/server/testing/eventually.ts";
import { type TestSync, testSync } from "#/server/testing/test-sync.ts";
import type { EditStore } from "./edit-store.ts";
import { memoryStore } from "./memory-store.ts";
import { pageEdits } from "./save-registry.ts";
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
// Who is sent off comes back late enough for a test to type meanwhile.
beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(0.9));

function open(incidentId: string, token: string, store: EditStore | null = null, url = t.site.url): SharedDocument {
  return openSharedDocument({ name: `incidents/${incidentId}/summary`, serverUrl: url, params: { token }, store });
}
const type = (document: SharedDocument, text: string) => document.view().doc.getText("text").insert(0, text);
const until = (document: SharedDocument, state: SaveState) =>
  eventually(() => expect(document.view().saveState).toBe(state));
const whenSynced = (document: SharedDocument) => eventually(() => expect(document.view().isSynced).toBe(true));

test("an edit goes from saving to saved, and is on disk by then", async () => {
  const incidentId = await t.incident();
  const document = open(incidentId, "ada");
  await whenSynced(document);
  const seen: (SaveState | null)[] = [];
  document.subscribe(() => seen.push(document.view().saveState));
  type(document, "hello");
  expect(document.view().saveState).toBe("saving");
  expect(pageEdits().state).toBe("saving");
  await until(document, "saved");
  expect(textOf(await t.restart().read(incidentId, "summary"), "summary")).toBe("hello");
  expect(pageEdits().state).toBe("saved");
  document.destroy();
});

test("while the server sends everyone off edits are kept, and saved when it takes them back", async () => {
  const incidentId = await t.incident();
  const document = open(incidentId, "ada");
  await whenSynced(document);
  t.site.sync.closeWhere(() => true, 4503);
  await eventually(() => expect(document.view().isConnected).toBe(false));
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
  expect(pageEdits().state).toBeNull();
});

test("with another role it starts over, with a fresh copy", async () => {
  const document = open(await t.incident(), "ada");
  await whenSynced(document);
  const { doc } = document.view();
  t.tokens.set("ada", { ...ada, role: "viewer" });
  t.core.facts.emit("access", { userId: ada.userId });
  await eventually(() => expect(document.view().doc).not.toBe(doc));
  await eventually(() => expect(document.view().canWrite).toBe(false));
  t.tokens.set("ada", ada);
  document.destroy();
});

test("when it may not be seen any more it ends for good", async () => {
  const document = open(await t.incident(), "ada");
  await whenSynced(document);
  t.site.sync.closeWhere(() => true, 4404);
  await eventually(() => expect(document.view().closeCode).toBe(4404));
  document.destroy();
});

const stored = async (incidentId: string) => textOf(await t.restart().read(incidentId, "summary"), "summary");
/** The page goes, as by a reload or a crash: nothing of it is told to anybody. */
const leave = (document: SharedDocument) => document.destroy();
const cutOff = async (document: SharedDocument) => {
  t.site.sync.closeWhere(() => true, 4503);
  await eventually(() => expect(document.view().isConnected).toBe(false));
};

test("[SY92] edits made without the server come back with the next page, and are saved once", async () => {
  const incidentId = await t.incident();
  const store = memoryStore();
  const before = open(incidentId, "ada", store);
  await whenSynced(before);
  type(before, "saved. ");
  await until(before, "saved");
  await cutOff(before);
  before.view().doc.getText("text").insert(7, "kept. ");
  leave(before);
  await eventually(() => expect(store.all.size).toBe(1));
  const after = open(incidentId, "ada", store);
  await eventually(() => expect(after.view().doc.getText("text").toString()).toBe("saved. kept. "));
  await until(after, "saved");
  await eventually(() => expect(store.all.size).toBe(0));
  expect(await stored(incidentId)).toBe("saved. kept. ");
  leave(after);
});

test("[SY92] two tabs bring the edits of a third, and they are there once", async () => {
  const incidentId = await t.incident();
  const store = memoryStore();
  const gone = open(incidentId, "ada", store);
  await whenSynced(gone);
  await cutOff(gone);
  type(gone, "once");
  leave(gone);
  await eventually(() => expect(store.all.size).toBe(1));
  const tabs = [open(incidentId, "ada", store), open(incidentId, "ada", store)];
  for (const tab of tabs) await until(tab, "saved");
  await eventually(() => expect(store.all.size).toBe(0));
  expect(await stored(incidentId)).toBe("once");
  for (const tab of tabs) leave(tab);
});

test("[SY93] edits of a history that is over are shown, and not merged", async () => {
  const incidentId = await t.incident();
  const store = memoryStore();
  const before = open(incidentId, "ada", store);
  await whenSynced(before);
  await cutOff(before);
  type(before, "of the old history");
  leave(before);
  await eventually(() => expect(store.all.size).toBe(1));
  const [edits] = store.all.values();
  if (!edits) throw new Error("nothing was kept");
  await store.remove(edits);
  await store.put({ ...edits, epoch: edits.epoch + 1 });
  const after = open(incidentId, "ada", store);
  await eventually(() => expect(after.view().lost?.text).toBe("of the old history"));
  await whenSynced(after);
  expect(after.view()).toMatchObject({ saveState: "not_saved", closeCode: null, lost: { code: 4409 } });
  expect(await stored(incidentId)).toBe("");
  after.dismissLost();
  await until(after, "saved");
  await eventually(() => expect(store.all.size).toBe(0));
  leave(after);
});

test("[SY93] who becomes a viewer reads what was not saved; it stays until it is dismissed", async () => {
  const incidentId = await t.incident();
  const store = memoryStore();
  const document = open(incidentId, "ada", store);
  await whenSynced(document);
  await cutOff(document);
  type(document, "too late");
  t.tokens.set("ada", { ...ada, role: "viewer" });
  await eventually(() => expect(document.view().lost).toEqual({ code: 4410, text: "too late" }));
  await eventually(() => expect(document.view()).toMatchObject({ canWrite: false, saveState: "not_saved" }));
  expect(document.view().doc.getText("text").toString()).toBe("");
  leave(document);
  t.tokens.set("ada", ada);
  const next = open(incidentId, "ada", store);
  await eventually(() => expect(next.view().lost?.text).toBe("too late"));
  await whenSynced(next);
  next.dismissLost();
  await eventually(() => expect(store.all.size).toBe(0));
  expect(await stored(incidentId)).toBe("");
  leave(next);
});

test("[SY93] a refused edit ends the document; its text is shown, and a reload opens it anew", async () => {
  const incidentId = await t.incident();
  const store = memoryStore();
  const document = open(incidentId, "ada", store);
  await whenSynced(document);
  type(document, "fine. ");
  await until(document, "saved");
  document.view().doc.getMap("elsewhere").set("key", "value");
  type(document, "after it");
  await eventually(() => expect(document.view().closeCode).toBe(4422));
  expect(document.view()).toMatchObject({ saveState: "not_saved", lost: { code: 4422, text: "after it" } });
  document.reload();
  await whenSynced(document);
  expect(document.view()).toMatchObject({ closeCode: null, lost: { text: "after it" } });
  document.dismissLost();
  type(document, "again");
  await until(document, "saved");
  expect(await stored(incidentId)).toContain("again");
  leave(document);
});

test("[SY95] when access ends nothing stays on the device, and what was not saved is shown", async () => {
  for (const code of [4401, 4403, 4404]) {
    const incidentId = await t.incident();
    const store = memoryStore();
    const document = open(incidentId, "ada", store);
    await whenSynced(document);
    type(document, "unsaved");
    t.site.sync.closeWhere(() => true, code);
    await eventually(() => expect(document.view().closeCode).toBe(code));
    expect(document.view()).toMatchObject({ saveState: "not_saved", lost: { code, text: "unsaved" } });
    await document.settled();
    expect(store.all.size).toBe(0);
    leave(document);
  }
});

test("[SY96] another writer under the same client id does not break the connection's end", async () => {
  const incidentId = await t.incident();
  const one = open(incidentId, "ada");
  await whenSynced(one);
  const { doc, awareness } = one.view();
  const taken = doc.clientID;
  const other = t.join(`incidents/${incidentId}/summary`, "ada");
  await other.synced();
  other.doc.clientID = taken;
  other.type("same id");
  await eventually(() => expect(doc.clientID).not.toBe(taken));
  expect(awareness.meta.has(doc.clientID)).toBe(true);
  await cutOff(one);
  await eventually(() => expect(one.view().isConnected).toBe(true));
  expect(() => leave(one)).not.toThrow();
});
