import { expect, type Page, test } from "@playwright/test";
import { Muster } from "./support/muster.ts";
import { ownerIn, personIn } from "./support/people.ts";

type Incident = {
  id: string;
  reference: string;
  status: string;
  severity: string | null;
  nextUpdateDueAt: string | null;
};
type Task = { title: string; status: string; owner: { name: string } | null; dueAt: string | null };

const region = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
const noteField = (page: Page) => page.getByRole("textbox", { name: "Add a note", exact: true });
const palette = (page: Page) => page.getByRole("dialog", { name: "Commands and search", exact: true });
const marked = (page: Page) => page.getByRole("option", { selected: true });

let muster: Muster;
test.beforeAll(async () => {
  test.setTimeout(120_000);
  muster = await Muster.start();
});
test.afterAll(async () => {
  await muster?.stop();
});

let serial = 0;
const named = (name: string) => `${name}${++serial}`;
const now = (incident: Incident) => muster.api<Incident>("GET", `/api/v1/incidents/${incident.id}`);
async function opened(title: string, fields: object = {}): Promise<Incident> {
  return muster.api<Incident>("POST", "/api/v1/incidents", { title, ...fields });
}
const roomOf = (incident: Incident) => `${muster.url}/incidents/${incident.reference}`;

async function openPalette(page: Page): Promise<void> {
  await page.keyboard.press("Control+k");
  await expect(palette(page).getByRole("combobox")).toBeFocused();
}

/** The room is live: the keys are heard, and notes are open. */
async function enter(page: Page, incident: Incident): Promise<void> {
  await page.goto(roomOf(incident));
  await expect(page.getByRole("list", { name: "People here", exact: true }).getByRole("listitem")).not.toHaveCount(0);
}

test("the note field runs a command, says so, and takes it back", async ({ browser }) => {
  const incident = await opened("Checkout is slow", { severity: "SEV3" });
  const { page } = await personIn(browser, muster, named("Ada"));
  await enter(page, incident);
  const field = noteField(page);
  await field.focus();
  await page.keyboard.type("/se");
  await expect(page.getByRole("listbox", { name: "Commands", exact: true }).getByRole("option")).toHaveCount(1);
  await page.keyboard.press("Tab");
  await expect(field).toHaveValue("/sev ");
  await expect(page.getByRole("option")).toHaveCount(5);
  await page.keyboard.press("ArrowDown");
  await expect(marked(page)).toContainText("SEV2");
  await page.keyboard.press("Enter");
  await expect(field).toHaveValue("");
  await expect(page.getByText("Severity is SEV2")).toBeVisible();
  await expect.poll(async () => (await now(incident)).severity).toBe("SEV2");
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await expect.poll(async () => (await now(incident)).severity).toBe("SEV3");
  await expect(page.getByText("Undone: severity is SEV2")).toBeVisible();
});

test("undo does not undo what somebody else did since", async ({ browser }) => {
  const incident = await opened("Search is slow", { severity: "SEV3" });
  const { page } = await personIn(browser, muster, named("Ada"));
  await enter(page, incident);
  await noteField(page).focus();
  await page.keyboard.type("/sev 2");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Severity is SEV2")).toBeVisible();
  await muster.api("PATCH", `/api/v1/incidents/${incident.id}`, { severity: "SEV1" });
  await page.keyboard.type("/undo");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Somebody changed it since. Nothing was undone.")).toBeVisible();
  expect((await now(incident)).severity).toBe("SEV1");
});

test("every command of the note field does what it says", async ({ browser }) => {
  const linName = named("Lin");
  const lin = await muster.person(linName);
  const incident = await opened("Payments fail", { severity: "SEV2" });
  const path = `/api/v1/incidents/${incident.id}`;
  const adaName = named("Ada");
  const { page } = await personIn(browser, muster, adaName);
  await enter(page, incident);
  const field = noteField(page);
  await field.focus();
  async function run(line: string): Promise<void> {
    await expect(field).toHaveValue("");
    await page.keyboard.type(line);
    await page.keyboard.press("Enter");
  }
  await run("/status identified");
  await expect.poll(async () => (await now(incident)).status).toBe("identified");
  await run("/role commander");
  await expect(region(page, "Roster")).toContainText(adaName);
  await run(`/handover ${linName}`);
  await expect(region(page, "Roster")).toContainText(`Offered to ${linName}`);
  await run(`/task Roll back eu-west @${linName} 20m`);
  await expect(region(page, "Tasks")).toContainText("Roll back eu-west");
  const [task] = (await muster.api<{ items: Task[] }>("GET", `${path}/tasks`)).items;
  expect(task).toMatchObject({ title: "Roll back eu-west", owner: { id: lin.id } });
  expect(task?.dueAt).not.toBeNull();
  await run("/next 20m");
  await expect.poll(async () => (await now(incident)).nextUpdateDueAt).not.toBeNull();
  await expect(page.getByRole("button", { name: /update due/ })).toContainText(/^(20:00|19:\d\d)/);
  await run("/link https://meet.example/pay The bridge");
  await expect(region(page, "Status board")).toContainText("The bridge");
  await run("/update We know more");
  const composer = page.getByRole("dialog", { name: "Update", exact: true });
  await expect(composer.getByRole("textbox", { name: "Update text", exact: true })).toContainText("We know more");
  await page.keyboard.press("Escape");
  await expect(composer).toHaveCount(0);
  await expect(field).toBeFocused();
  await run("/resolve Rolled back release 42");
  await expect.poll(async () => (await now(incident)).status).toBe("resolved");
  await expect(region(page, "Timeline")).toContainText("Rolled back release 42");
  await run("/undo");
  await expect.poll(async () => (await now(incident)).status).toBe("identified");
});

test("what is no command is never lost", async ({ browser }) => {
  const incident = await opened("Logs are full");
  const { page } = await personIn(browser, muster, named("Ada"));
  await enter(page, incident);
  const field = noteField(page);
  await field.focus();
  await page.keyboard.type("/nonsense at 3 a.m.");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert").filter({ hasText: "There is no command /nonsense" })).toBeVisible();
  await expect(field).toHaveValue("/nonsense at 3 a.m.");
  await page.getByRole("button", { name: "Keep it as a note", exact: true }).click();
  await expect(field).toHaveValue("//nonsense at 3 a.m.");
  await page.keyboard.press("Control+Enter");
  await expect(region(page, "Timeline").getByText("/nonsense at 3 a.m.", { exact: true })).toBeVisible();
  await page.keyboard.type("/var/log is full");
  await page.keyboard.press("Control+Enter");
  await expect(region(page, "Timeline").getByText("/var/log is full", { exact: true })).toBeVisible();
  // A command that the server refuses keeps its line, too.
  await muster.api("POST", `/api/v1/incidents/${incident.id}/resolve`, { summary: "" });
  await expect(page.getByText("Resolved.", { exact: true })).toBeVisible();
  await page.keyboard.type("/status monitoring");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert").filter({ hasText: "cannot be used here and now" })).toBeVisible();
  await expect(field).toHaveValue("/status monitoring");
});

test("an @ names a person", async ({ browser }) => {
  const grace = named("Grace Hopper");
  await muster.api("POST", "/api/v1/users", { email: `g${serial}@example.com`, name: grace, role: "responder" });
  const incident = await opened("Compilers are slow");
  const { page } = await personIn(browser, muster, named("Ada"));
  await enter(page, incident);
  await noteField(page).focus();
  await page.keyboard.type("Ask @hopp");
  await expect(marked(page)).toHaveText(grace);
  await page.keyboard.press("Enter");
  await expect(noteField(page)).toHaveValue(`Ask @${grace} `);
  await page.keyboard.type("@hopp");
  await expect(marked(page)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("listbox")).toHaveCount(0);
  await page.keyboard.press("Enter");
  await expect(noteField(page)).toHaveValue(`Ask @${grace} @hopp\n`);
});

test("the palette finds, asks in its place, and says what went wrong there", async ({ browser }) => {
  const incident = await opened("Refunds wait", { severity: "SEV4" });
  await opened("A zebra crosses the datacentre");
  const { page } = await personIn(browser, muster, named("Ada"));
  await enter(page, incident);
  await noteField(page).focus();
  await openPalette(page);
  await page.keyboard.type("chsev");
  await expect(marked(page)).toContainText("Change severity");
  await page.keyboard.press("Enter");
  await expect(palette(page).getByRole("option")).toHaveCount(5);
  await page.keyboard.type("nine");
  await page.keyboard.press("Enter");
  await expect(palette(page).getByRole("alert")).toContainText("SEV1");
  await page.keyboard.press("Escape");
  await expect(palette(page).getByRole("option", { name: /Change severity/ })).toBeVisible();
  await page.keyboard.type("chsev");
  await page.keyboard.press("Enter");
  await page.keyboard.type("1");
  await page.keyboard.press("Enter");
  await expect(palette(page)).toHaveCount(0);
  await expect(noteField(page)).toBeFocused();
  await expect.poll(async () => (await now(incident)).severity).toBe("SEV1");

  await openPalette(page);
  await expect(palette(page).getByRole("group", { name: "Recent", exact: true })).toContainText("Change severity");
  await page.keyboard.type("zebra");
  await expect(palette(page).getByRole("option", { name: /A zebra crosses/ })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("A zebra crosses");

  await openPalette(page);
  await page.keyboard.type("alerts");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/alerts$/);
  await openPalette(page);
  await page.keyboard.type("light theme");
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
  await openPalette(page);
  await page.keyboard.type("declare");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Declare incident", exact: true })).toBeVisible();
});

test("a viewer's palette holds nothing that writes, an owner's the settings", async ({ browser }) => {
  const incident = await opened("Only look");
  const vera = await personIn(browser, muster, named("Vera"), "viewer");
  await enter(vera.page, incident);
  await openPalette(vera.page);
  const options = palette(vera.page).getByRole("option");
  await expect(options.filter({ hasText: "Go to postmortem" })).toBeVisible();
  for (const name of ["Change status", "Add task", "Resolve", "Claim", "Declare incident", "Subscribers"]) {
    await expect(options.filter({ hasText: name }), name).toHaveCount(0);
  }
  const olga = await ownerIn(browser, muster);
  await olga.page.goto(`${muster.url}/alerts`);
  await olga.page.getByRole("button", { name: "Search and commands", exact: true }).click();
  await expect(palette(olga.page).getByRole("combobox")).toBeFocused();
  await olga.page.keyboard.type("subscribers");
  await olga.page.keyboard.press("Enter");
  await expect(olga.page).toHaveURL(/\/settings\/subscribers$/);
});

test("an answer that comes too late is not shown, and one that fails says so", async ({ browser }) => {
  const { page } = await ownerIn(browser, muster);
  await page.goto(`${muster.url}/alerts`);
  const first = Promise.withResolvers<void>();
  await page.route("**/api/v1/search?*", async (route) => {
    if (!route.request().url().endsWith("q=qq")) return route.fulfill({ status: 503, json: { detail: "Come back." } });
    await first.promise;
    const hit = {
      kind: "alert",
      id: "1",
      incident: null,
      at: "",
      title: "Too late",
      field: "title",
      excerpt: "",
      matches: [],
    };
    await route.fulfill({ json: { items: [hit] } }).catch(() => undefined);
  });
  await page.getByRole("button", { name: "Search and commands", exact: true }).click();
  await expect(palette(page).getByRole("combobox")).toBeFocused();
  const asked = page.waitForRequest(/q=qq$/);
  await page.keyboard.type("qq");
  await asked;
  await page.keyboard.type("q");
  await expect(palette(page).getByRole("alert")).toContainText("Come back.");
  first.resolve();
  await expect(palette(page).getByRole("option", { name: "Too late" })).toHaveCount(0);
  await page.unroute("**/api/v1/search?*");
});

test("accepting and taking command are two presses, declaring is one field", async ({ browser }) => {
  const incident = await opened("Orders are stuck", { status: "triage", severity: "SEV2" });
  const { page } = await personIn(browser, muster, named("Ada"));
  await page.goto(`${muster.url}/incidents`);
  const card = page.getByRole("article", { name: "Orders are stuck", exact: true });
  let presses = 0;
  const press = async (name: RegExp | string) => {
    presses++;
    const from = typeof name === "string" ? page : card;
    await from.getByRole("button", { name, exact: true }).filter({ visible: true }).first().click();
  };
  await press(/^Accept/);
  await expect(page).toHaveURL(roomOf(incident));
  await press("Claim commander");
  await expect(page.getByText("Commander:").first()).toBeAttached();
  await expect(region(page, "Roster").getByRole("button", { name: "Claim commander", exact: true })).toHaveCount(0);
  expect(presses).toBe(2);
  expect(await now(incident)).toMatchObject({ status: "investigating", severity: "SEV2" });

  await page.goto(`${muster.url}/incidents`);
  await page.getByRole("button", { name: "Declare incident", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Declare incident", exact: true });
  await dialog.getByRole("textbox", { name: "Title", exact: true }).fill("One field is enough");
  await dialog.getByRole("button", { name: "Declare incident", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("One field is enough");
});

test("single keys rest while a field has the focus, and can be switched off for good", async ({ browser }) => {
  const incident = await opened("Keys");
  const { page } = await personIn(browser, muster, named("Ada"));
  await enter(page, incident);
  await page.keyboard.press("n");
  await expect(noteField(page)).toBeFocused();
  await page.keyboard.type("nut?");
  await expect(noteField(page)).toHaveValue("nut?");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await noteField(page).fill("");
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  const map = page.getByRole("dialog", { name: "Keyboard shortcuts", exact: true });
  await expect(map).toContainText("Change severity");
  await map.getByRole("checkbox", { name: "Single-key shortcuts", exact: true }).uncheck();
  await page.keyboard.press("Escape");
  await page.reload();
  await expect(page.getByRole("list", { name: "People here", exact: true }).getByRole("listitem")).toHaveCount(1);
  await page.keyboard.press("n");
  await page.keyboard.press("?");
  await expect(noteField(page)).not.toBeFocused();
  await openPalette(page);
  await page.keyboard.type("keyboard");
  await page.keyboard.press("Enter");
  await map.getByRole("checkbox", { name: "Single-key shortcuts", exact: true }).check();
  await page.keyboard.press("Escape");
  await page.keyboard.press("u");
  await expect(page.getByRole("dialog", { name: "Update", exact: true })).toBeVisible();
});
