import { expect, type Page, test } from "@playwright/test";
import { Muster } from "./support/muster.ts";
import { type Person, personIn } from "./support/people.ts";
import { violationsOf } from "./support/violations.ts";

type WithId = { id: string };
type Task = WithId & { title: string };

const RUNBOOK = `# Checkout

Read the [dashboard](https://graphs.example/checkout) first.

- [x] know where this is
- [ ] Stop the deploy train
- [ ] Roll back
  - [ ] wait for green`;

// One server, one incident, from its first task to its postmortem.
test.describe.configure({ mode: "serial", timeout: 120_000 });

let muster: Muster;
let ada: Person & WithId;
let lin: Person & WithId;
let incident: WithId & { reference: string };
test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000);
  muster = await Muster.start();
  ada = await personIn(browser, muster, "Ada");
  lin = await personIn(browser, muster, "Lin");
  await muster.api("POST", "/api/v1/services", {
    name: "checkout",
    runbook: RUNBOOK,
    runbookUrl: "https://wiki.example/checkout",
  });
  incident = await muster.api("POST", "/api/v1/incidents", { title: "Checkout is slow", services: ["checkout"] });
  for (const { page } of [ada, lin]) await page.goto(`${muster.url}/incidents/${incident.reference}`);
});
test.afterAll(async () => {
  await ada?.context.close();
  await lin?.context.close();
  await muster?.stop();
});

const region = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
const row = (page: Page, title: string) => region(page, "Tasks").getByRole("listitem").filter({ hasText: title });

async function pick(page: Page, title: string, act: string): Promise<void> {
  await page.getByRole("button", { name: `More for ${title}`, exact: true }).click();
  await page.getByRole("menuitem", { name: act }).click();
}

test("a task is given in one line, taken, overdue, extended, and undone when it was cancelled", async () => {
  await test.step("one line says what, who and how long", async () => {
    await ada.page.getByRole("button", { name: "Claim commander", exact: true }).click();
    await region(ada.page, "Tasks").getByRole("button", { name: "+ Task" }).click();
    const field = ada.page.getByRole("textbox", { name: "Task", exact: true });
    await field.fill("restart pods @Lin 10m");
    await expect(ada.page.getByRole("combobox", { name: "Owner" })).toHaveValue(lin.id);
    await expect(ada.page.getByRole("spinbutton", { name: "Minutes" })).toHaveValue("10");
    await field.press("Enter");
    await expect(row(ada.page, "restart pods")).toContainText("Lin · not acknowledged yet");
    await expect(field).toHaveValue("");
    await field.press("Escape");
    await expect(field).toHaveCount(0);
  });

  await test.step("its owner has it with one press, and the commander sees that", async () => {
    await row(lin.page, "restart pods").getByRole("button", { name: "I have it" }).click();
    await expect(row(ada.page, "restart pods")).toContainText("Lin · has it");
    await expect(row(ada.page, "restart pods")).toContainText(/0\d:\d\d/);
    await expect(region(ada.page, "Timeline")).toContainText("Lin has the task restart pods");
  });

  await test.step("the end of its time box is told once, in words, to the commander and the owner", async () => {
    const { items } = await muster.api<{ items: Task[] }>("GET", `/api/v1/incidents/${incident.id}/tasks`);
    const dueAt = new Date(Date.now() + 1_500).toISOString();
    await muster.api("PATCH", `/api/v1/incidents/${incident.id}/tasks/${items[0]?.id}`, { dueAt });
    for (const { page } of [ada, lin]) {
      await expect(page.getByText("A task is overdue.")).toBeVisible();
      await expect(row(page, "restart pods")).toContainText(/late \d+ s/);
    }
    const told = region(ada.page, "Timeline").getByRole("listitem").getByText("Lin's time for restart pods is over");
    await expect(told).toHaveCount(1);
    expect(await violationsOf(lin.page)).toEqual([]);
    await ada.page.getByRole("button", { name: "+10 min for restart pods" }).click();
    await expect(lin.page.getByText("A task is overdue.")).toHaveCount(0);
    await expect(row(lin.page, "restart pods")).toContainText(/(10:00|09:5\d)/);
    await pick(ada.page, "restart pods", "+20 min");
    await expect(row(lin.page, "restart pods")).toContainText(/(30:00|29:5\d)/);
    await expect(told).toHaveCount(1);
  });

  await test.step("its words are corrected, and it is done by somebody", async () => {
    await pick(ada.page, "restart pods", "Edit");
    await ada.page.getByRole("textbox", { name: "Task", exact: true }).fill("Restart the pods");
    await ada.page.getByRole("button", { name: "Save", exact: true }).click();
    await lin.page.getByRole("checkbox", { name: "Done: Restart the pods" }).check();
    await expect(row(ada.page, "Restart the pods")).toContainText("done by Lin");
  });

  await test.step("what was cancelled is had back", async () => {
    await muster.api("POST", `/api/v1/incidents/${incident.id}/tasks`, { title: "Call the provider" });
    await pick(ada.page, "Call the provider", "Cancel task");
    await expect(region(lin.page, "Tasks")).toContainText("1 cancelled");
    await ada.page.getByRole("button", { name: "Undo", exact: true }).click();
    await expect(lin.page.getByRole("checkbox", { name: "Done: Call the provider" })).toBeVisible();
    await pick(lin.page, "Call the provider", "Cancel task");
    await region(ada.page, "Tasks").getByText("1 cancelled").click();
    await ada.page.getByRole("button", { name: "Restore Call the provider" }).click();
    await expect(lin.page.getByRole("checkbox", { name: "Done: Call the provider" })).toBeVisible();
  });
});

test("a runbook opens in the room, and its checklist becomes tasks that can be taken back", async () => {
  const runbooks = region(ada.page, "Runbooks");
  await runbooks.getByRole("button", { name: "checkout", exact: true }).click();
  const dialog = ada.page.getByRole("dialog", { name: "Runbook: checkout", exact: true });
  await expect(dialog.getByRole("heading", { name: "Checkout", exact: true })).toBeVisible();
  await expect(dialog.getByRole("link", { name: "dashboard" })).toHaveAttribute("target", "_blank");
  const outside = dialog.getByRole("link", { name: "Open its page (new tab)" });
  await expect(outside).toHaveAttribute("href", "https://wiki.example/checkout");
  await expect(outside).toHaveAttribute("rel", /noopener/);
  expect(await violationsOf(ada.page)).toEqual([]);
  await dialog.getByRole("button", { name: "Make 3 tasks from checkout" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(runbooks).toContainText("its 3 steps are tasks");
  await row(lin.page, "Stop the deploy train").getByRole("button", { name: "Take it" }).click();
  await ada.page.getByRole("button", { name: "Undo", exact: true }).click();
  await expect(row(lin.page, "Roll back: wait for green")).toHaveCount(0);
  await expect(row(lin.page, "Stop the deploy train")).toContainText("Lin · has it");
  await runbooks.getByRole("button", { name: "Make 2 more tasks from checkout" }).click();
  await expect(row(lin.page, "Roll back: wait for green")).toBeVisible();
  await expect(region(lin.page, "Timeline")).toContainText("Ada took back 2 tasks from checkout");
});

test("who does not touch the page is idle to others, in words, and awake again with a movement", async ({
  browser,
}) => {
  const sam = await personIn(browser, muster, "Sam");
  await sam.page.clock.install();
  await sam.page.goto(`${muster.url}/incidents/${incident.reference}`);
  const entry = ada.page
    .getByRole("list", { name: "People here", exact: true })
    .getByRole("listitem")
    .filter({ hasText: "Sam" });
  await expect(entry).toHaveText(/Sam$/);
  await sam.page.clock.fastForward("05:01");
  await sam.page.clock.resume();
  await expect(entry).toContainText("Sam · idle");
  expect(await violationsOf(ada.page)).toEqual([]);
  await sam.page.mouse.move(300, 300);
  await expect(entry).toHaveText(/Sam$/);
  await sam.context.close();
});

test("tasks that are left are action items of the postmortem", async () => {
  await muster.api("POST", `/api/v1/incidents/${incident.id}/resolve`, { summary: "Rolled back" });
  await ada.page.goto(`${muster.url}/incidents/${incident.reference}/postmortem`);
  const items = ada.page.getByRole("complementary", { name: "Action items" }).getByRole("listitem");
  const left = items.filter({ hasText: "Stop the deploy train" });
  await expect(left).toContainText("Lin");
  await expect(left).toContainText("from the incident's tasks");
  await expect(items.filter({ hasText: "Restart the pods" })).toHaveCount(0);
});
