import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { until } from "./support/free-port.ts";
import { Muster } from "./support/muster.ts";
import { personIn, signedIn } from "./support/people.ts";

type Incident = { id: string; reference: string };
const timeline = (page: Page) => page.getByRole("region", { name: "Timeline", exact: true });
const saveState = (page: Page) => page.getByRole("status").filter({ hasText: /^(Saved|Saving…|Not saved|Offline.*)$/ });
const note = (page: Page) => page.getByRole("textbox", { name: "Note", exact: true });
const OFFLINE = "Offline, edits kept on this device";

const databases = (page: Page) =>
  page.evaluate(async () =>
    (await indexedDB.databases()).flatMap(({ name }) => (name?.includes("muster") ? [name] : [])),
  );

// Servers are started and killed here; a busy machine takes its time for that.
test.describe.configure({ timeout: 120_000 });

/** The updates that wait in this browser. */
const keptBytes = (page: Page) =>
  page.evaluate(async () => {
    const name = (await indexedDB.databases()).find((each) => each.name?.startsWith("muster-edits-"))?.name;
    if (!name) return 0;
    return new Promise<number>((resolve, reject) => {
      const opening = indexedDB.open(name);
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const all = opening.result.transaction("edits").objectStore("edits").getAll();
        all.onsuccess = () => {
          opening.result.close();
          resolve(all.result.reduce((sum: number, edits: { update: Uint8Array }) => sum + edits.update.length, 0));
        };
      };
    });
  });

async function addNote(page: Page, body: string): Promise<void> {
  const field = page.getByRole("textbox", { name: "Add a note", exact: true });
  await field.fill(body);
  await field.press("Control+Enter");
  await expect(timeline(page).getByText(body)).toBeVisible();
}

async function openNote(page: Page, body: string): Promise<void> {
  const entry = timeline(page).getByRole("listitem").filter({ hasText: body });
  await entry.getByRole("button", { name: /^Edit/ }).click();
  await note(page).click();
  await page.keyboard.press("Control+End");
}

async function bodies(muster: Muster, incident: Incident): Promise<string> {
  const { items } = await muster.api<{ items: { body: string | null }[] }>(
    "GET",
    `/api/v1/incidents/${incident.id}/timeline`,
  );
  return items.map((entry) => entry.body ?? "").join("\n");
}
const timesIn = (text: string, word: string) => text.split(word).length - 1;

/** The way of a context's pages to the shared documents, which a test may close. */
async function syncDoor(context: BrowserContext): Promise<{ shut(): Promise<void>; open(): void }> {
  let isShut = false;
  const open = new Set<{ close(options: { code: number }): Promise<void> }>();
  await context.routeWebSocket(/\/sync\//, async (socket) => {
    if (isShut) {
      await socket.close({ code: 4503 });
      return;
    }
    open.add(socket);
    socket.connectToServer();
  });
  return {
    async shut() {
      isShut = true;
      await Promise.all([...open].map((socket) => socket.close({ code: 4503 })));
      open.clear();
    },
    open() {
      isShut = false;
    },
  };
}

test("what is typed while the server is dead survives the page, and is saved once", async ({ browser }) => {
  const muster = await Muster.start();
  const incident = await muster.api<Incident>("POST", "/api/v1/incidents", { title: "Typing" });
  const { page, context } = await personIn(browser, muster, "Ada");
  const room = `${muster.url}/incidents/${incident.reference}`;
  await page.goto(room);
  await addNote(page, "first note");
  await openNote(page, "first note");
  await page.keyboard.type(" before-the-kill");
  await expect(saveState(page)).toHaveText("Saved");
  await expect.poll(() => keptBytes(page)).toBe(0);

  await muster.killHard();
  await expect(saveState(page)).toHaveText(OFFLINE);
  await page.keyboard.type(" while-dead");
  await page.keyboard.press("Escape");
  await addNote(page, "second note, nobody listens");
  await expect.poll(() => keptBytes(page)).toBeGreaterThan(0);
  // The page goes while the server is away; nothing stands in its way, for the edits are on the device.
  await page.close({ runBeforeUnload: false });

  await muster.start();
  const again = await context.newPage();
  await again.goto(room);
  await expect(saveState(again)).toHaveText("Saved", { timeout: 15_000 });
  await expect(timeline(again).getByText("first note before-the-kill while-dead")).toHaveCount(1);
  await expect(timeline(again).getByText("second note, nobody listens")).toHaveCount(1);
  await expect.poll(() => keptBytes(again)).toBe(0);
  const stored = await until("both notes", async () => {
    const text = await bodies(muster, incident);
    return text.includes("while-dead") && text.includes("nobody listens") && text;
  });
  for (const words of ["before-the-kill", "while-dead", "nobody listens"])
    expect(timesIn(stored, words), words).toBe(1);

  await again.reload();
  await expect(saveState(again)).toHaveText("Saved");
  await expect(timeline(again).getByText("second note, nobody listens")).toHaveCount(1);
  await context.close();
  await muster.stop();
});

test("edits of a closed tab are saved by the next page, whichever it is", async ({ browser }) => {
  const muster = await Muster.start();
  const incident = await muster.api<Incident>("POST", "/api/v1/incidents", { title: "Typing" });
  const { page, context } = await personIn(browser, muster, "Ada");
  const door = await syncDoor(context);
  const other = await context.newPage();
  await page.goto(`${muster.url}/incidents/${incident.reference}`);
  await other.goto(`${muster.url}/incidents/${incident.reference}`);
  for (const tab of [page, other]) await expect(saveState(tab)).toHaveText("Saved");
  await door.shut();
  await addNote(page, "from the first tab");
  await addNote(other, "from the second tab");
  for (const tab of [page, other]) await expect(saveState(tab)).toHaveText(OFFLINE);
  await expect.poll(() => keptBytes(page)).toBeGreaterThan(0);
  await page.close();
  await other.close();

  door.open();
  const list = await context.newPage();
  await list.goto(`${muster.url}/incidents`);
  const stored = await until("both notes", async () => {
    const text = await bodies(muster, incident);
    return text.includes("from the first tab") && text.includes("from the second tab") && text;
  });
  expect([timesIn(stored, "from the first tab"), timesIn(stored, "from the second tab")]).toEqual([1, 1]);
  await expect.poll(() => keptBytes(list)).toBe(0);
  await context.close();
  await muster.stop();
});

test("whose role changed is offered what was not saved, and nothing of it stays in the browser", async ({
  browser,
}) => {
  const muster = await Muster.start();
  const incident = await muster.api<Incident>("POST", "/api/v1/incidents", { title: "Typing" });
  const { page, context, id } = await personIn(browser, muster, "Ada");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const door = await syncDoor(context);
  await page.goto(`${muster.url}/incidents/${incident.reference}`);
  await expect(saveState(page)).toHaveText("Saved");
  await door.shut();
  await addNote(page, "too late to be saved");
  await expect(saveState(page)).toHaveText(OFFLINE);
  // Another role ends the session.
  await muster.api("PATCH", `/api/v1/users/${id}`, { role: "viewer" });
  door.open();
  const lost = page.getByRole("alert").filter({ hasText: "this is what was not saved" });
  await expect(lost).toContainText("too late to be saved", { timeout: 30_000 });
  await expect(saveState(page)).toHaveText("Not saved");
  await lost.getByRole("button", { name: "Copy", exact: true }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe("too late to be saved");
  await expect.poll(() => databases(page)).toEqual([]);
  await lost.getByRole("button", { name: "Discard what was not saved" }).click();
  await expect(lost).toHaveCount(0);
  expect(await bodies(muster, incident)).not.toContain("too late");
  await context.close();
  await muster.stop();
});

test("signing out asks before it deletes edits that nobody else has, and leaves nothing behind", async ({
  browser,
}) => {
  const muster = await Muster.start();
  const incident = await muster.api<Incident>("POST", "/api/v1/incidents", { title: "Typing" });
  const { page, context } = await personIn(browser, muster, "Ada");
  const door = await syncDoor(context);
  await page.goto(`${muster.url}/incidents/${incident.reference}`);
  await expect(saveState(page)).toHaveText("Saved");
  await door.shut();
  await addNote(page, "only on this device");
  await expect(saveState(page)).toHaveText(OFFLINE);
  await expect.poll(() => keptBytes(page)).toBeGreaterThan(0);
  await page.goto(`${muster.url}/incidents`);
  const signOut = page.getByRole("button", { name: "Sign out", exact: true });
  const question = page.getByRole("dialog", { name: "Sign out and lose edits?" });
  await signOut.click();
  await expect(question).toContainText("One text has edits");
  await question.getByRole("button", { name: "Stay signed in" }).click();
  expect(await databases(page)).toHaveLength(1);
  await signOut.click();
  await question.getByRole("button", { name: "Sign out and lose edits" }).click();
  await page.waitForURL(/sign-in/);
  await expect.poll(() => databases(page)).toEqual([]);
  await context.close();
  await muster.stop();
});

test("whoever signs in next in the same browser finds nothing of the one before", async ({ browser }) => {
  const muster = await Muster.start();
  const incident = await muster.api<Incident>("POST", "/api/v1/incidents", { title: "Typing" });
  const ada = await personIn(browser, muster, "Ada");
  const door = await syncDoor(ada.context);
  await ada.page.goto(`${muster.url}/incidents/${incident.reference}`);
  await expect(saveState(ada.page)).toHaveText("Saved");
  await door.shut();
  await addNote(ada.page, "of Ada alone");
  await expect(saveState(ada.page)).toHaveText(OFFLINE);
  const [hers] = await databases(ada.page);
  const state = await ada.context.storageState({ indexedDB: true });
  await ada.context.close();

  const lin = await muster.person("Lin");
  const next = await signedIn(
    browser,
    muster,
    { name: "Lin", email: lin.email },
    { storageState: { ...state, cookies: [] } },
  );
  // The same origin, and none of its scripts.
  await next.page.goto(`${muster.url}/healthz`);
  expect(await databases(next.page)).toEqual([hers]);
  await next.page.goto(`${muster.url}/incidents`);
  await expect.poll(() => databases(next.page)).toEqual([]);
  await next.context.close();
  await muster.stop();
});
