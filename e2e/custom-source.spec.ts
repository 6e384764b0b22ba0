import { expect, type Page, test } from "@playwright/test";
import { Muster } from "./support/muster.ts";
import { ownerIn } from "./support/people.ts";

type Integration = { id: string; url: string };
type Alerts = { items: { title: string; status: string; severity: string; service: string | null }[] };

const job = {
  event: "job.failed",
  job: { id: 88123, name: "nightly-etl", url: "https://builds.example/jobs/88123" },
  owner: "data-platform",
  level: 4,
  error: "exit 137, out of memory",
};

// One custom source, from its first delivery that nobody understood to alerts that resolve.
test.describe.configure({ mode: "serial" });

let muster: Muster;
let farm: Integration;
let page: Page;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000);
  muster = await Muster.start();
  farm = await muster.api<Integration>("POST", "/api/v1/integrations", { name: "Build farm", source: "custom" });
  const owner = await ownerIn(browser, muster);
  page = owner.page;
});
test.afterAll(async () => {
  await muster?.stop();
});

async function send(body: unknown): Promise<void> {
  const answer = await fetch(farm.url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(202);
}

const row = (name: string) => page.getByRole("textbox", { name, exact: true });

test("a delivery from the inbox is mapped as it is looked at, and read again", async () => {
  await send(job);
  await page.goto(`${muster.url}/settings/integrations`);
  const inbox = page.getByRole("list", { name: "Inbox of deliveries" });
  await inbox.getByRole("link", { name: "Map the delivery from Build farm" }).click();

  const becomes = page.getByRole("region", { name: "Becomes" });
  await expect(becomes.getByText("would be raised as an unrecognised delivery")).toBeVisible();
  await row("Title").click();
  await page.getByRole("button", { name: '"nightly-etl"' }).click();
  await expect(row("Title")).toHaveValue("{job.name}");
  await row("Title").fill("{job.name}: {error}");
  await expect(becomes.getByText("nightly-etl: exit 137, out of memory")).toBeVisible();
  await row("Status").fill('event == "job.ok" ? "resolved" : "firing"');
  await row("Severity").fill("level: 5→critical 4→error 3→warning");
  await row("Dedup key").fill("{job.name}");
  await row("Service").fill("{owner}");
  await row("Link").fill("{job.url}");
  await row("Time").fill("{job.finished}");
  await expect(becomes.getByText("error · firing")).toBeVisible();
  await expect(page.getByText("“job.finished” is not in this delivery: the time of receipt is used")).toBeVisible();
  await page.getByRole("button", { name: "Try on last 20" }).click();
  await expect(page.getByText("Fits 1 of 1")).toBeVisible();
  await row("Severity").fill("level: 5→critical 4→error 3→warning");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Mapping saved")).toBeVisible();

  await page.goto(`${muster.url}/settings/integrations`);
  await page.getByRole("button", { name: "Read the delivery from Build farm again" }).click();
  await expect(page.getByText("Everything that came was understood.")).toBeVisible();
  await expect
    .poll(async () => (await muster.api<Alerts>("GET", "/api/v1/alerts?q=nightly-etl&status=firing")).items)
    .toMatchObject([{ title: "nightly-etl: exit 137, out of memory", severity: "error", service: "data-platform" }]);
});

test("the saved mapping reads what comes after it, and is there to be changed", async () => {
  await send({ ...job, event: "job.ok" });
  await expect
    .poll(async () => (await muster.api<Alerts>("GET", "/api/v1/alerts?q=nightly-etl")).items[0]?.status)
    .toBe("resolved");
  await page.goto(`${muster.url}/settings/integrations/${farm.id}`);
  await expect(row("Severity")).toHaveValue("level: 3→warning 4→error 5→critical");
  await page.getByRole("button", { name: "Edit as JSON" }).click();
  await expect(page.getByRole("textbox", { name: "Mapping as JSON" })).toHaveValue(/"dedupKey": "\{job.name\}"/);
});

test("what cannot be read is said beside its row, and cannot be saved", async () => {
  await page.goto(`${muster.url}/settings/integrations/${farm.id}`);
  await row("Status").fill("event ==");
  await expect(page.getByText("The condition cannot be read", { exact: false })).toBeVisible();
  await expect(page.getByRole("button", { name: "Save", exact: true })).toBeDisabled();
});
