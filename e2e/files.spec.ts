import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Locator, type Page, test } from "@playwright/test";
import { until } from "./support/free-port.ts";
import { Muster } from "./support/muster.ts";
import { ownerIn, type Person, personIn } from "./support/people.ts";

type Incident = { id: string; reference: string };
type Given = { name: string; type: string; text?: string; base64?: string };
type Files = { items: { id: string; name: string; url: string }[] };

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const LOG = Array.from(
  { length: 900 },
  (_, n) => `10:02:${n} [ERROR] pool exhausted after 30,000 ms, request ${n * 7919}`,
);
const LONG_LOG = LOG.join("\n").slice(0, 60_000);

// One incident, told from its first screenshot to its postmortem.
test.describe.configure({ mode: "serial" });

let muster: Muster;
let incident: Incident;
let room: string;
let ada: Person;
let lin: Person;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000);
  muster = await Muster.start();
  incident = await muster.api<Incident>("POST", "/api/v1/incidents", { title: "Checkout is slow", severity: "SEV2" });
  room = `${muster.url}/incidents/${incident.reference}`;
  ada = await personIn(browser, muster, "Ada");
  lin = await personIn(browser, muster, "Lin");
});
test.afterAll(async () => {
  await muster?.stop();
});

const timeline = (page: Page) => page.getByRole("region", { name: "Timeline", exact: true });
const noteField = (page: Page) => page.getByRole("textbox", { name: "Add a note", exact: true });
const listed = () => muster.api<Files>("GET", `/api/v1/incidents/${incident.id}/files`);

/** A screenshot of the page itself, as the clipboard would hold it. */
async function screenshotOf(page: Page): Promise<Given> {
  const bytes = await page.screenshot({ clip: { x: 0, y: 0, width: 640, height: 400 } });
  return { name: "image.png", type: "image/png", base64: bytes.toString("base64") };
}

/** Pastes or drops as the browser does: an event that carries files or text. */
async function give(
  target: Locator,
  event: "paste" | "drop",
  given: { files?: Given[]; text?: string },
): Promise<void> {
  await target.evaluate(
    (element, { event, files, text }) => {
      const transfer = new DataTransfer();
      for (const { name, type, base64, text: content } of files) {
        const bytes = base64 ? Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)) : (content ?? "");
        transfer.items.add(new File([bytes], name, { type }));
      }
      if (text !== undefined) transfer.setData("text/plain", text);
      const box = element.getBoundingClientRect();
      const init = { bubbles: true, cancelable: true, clientX: box.x + 5, clientY: box.y + 5 };
      element.dispatchEvent(
        event === "paste"
          ? new ClipboardEvent("paste", { ...init, clipboardData: transfer })
          : new DragEvent("drop", { ...init, dataTransfer: transfer }),
      );
    },
    { event, files: given.files ?? [], text: given.text },
  );
}

async function isShown(image: Locator): Promise<boolean> {
  return image.evaluate((element: HTMLImageElement) => element.complete && element.naturalWidth === 640);
}

async function expectNoViolations(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  expect(violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))).toEqual([]);
}

test("a pasted screenshot is in the note, and on the other person's page", async () => {
  await ada.page.goto(room);
  await lin.page.goto(room);
  const field = noteField(ada.page);
  await field.fill("The pool graph: and that is all");
  await field.evaluate((element: HTMLTextAreaElement) => element.setSelectionRange(15, 15));
  await give(field, "paste", { files: [await screenshotOf(ada.page)] });
  await expect(field).toHaveValue(
    /^The pool graph:\n!\[screenshot [\d .-]+\.png\]\(\/api\/v1\/[^)]+\)\n and that is all$/,
  );
  await field.press("Control+Enter");
  const image = timeline(lin.page).getByRole("img", { name: /^screenshot/ });
  await expect(image).toBeVisible();
  await expect.poll(() => isShown(image)).toBe(true);
  const box = await image.boundingBox();
  expect(box?.height).toBeLessThanOrEqual(320);
  await expect(timeline(lin.page).getByRole("link", { name: /^screenshot/ })).toHaveAttribute("target", "_blank");
  await expect(lin.page.getByRole("region", { name: "Files", exact: true }).getByRole("listitem")).toHaveCount(1);
});

test("a log dropped into an open note is linked there for everyone", async () => {
  const note = timeline(lin.page).getByRole("article").filter({ hasText: "The pool graph" });
  await note.hover();
  await note.getByRole("button", { name: "Edit", exact: true }).click();
  const editor = lin.page.getByRole("textbox", { name: "Note", exact: true });
  await expect(editor).toContainText("The pool graph");
  await give(editor, "drop", { files: [{ name: "app.log", type: "text/html", text: "10:02 ERROR <b>pool</b>" }] });
  await expect(editor).toContainText("[app.log](/api/v1/");
  await lin.page.keyboard.press("Escape");
  const link = timeline(ada.page).getByRole("link", { name: "app.log", exact: true });
  await expect(link).toBeVisible();
  const opened = ada.page.waitForEvent("popup");
  await link.click();
  await expect((await opened).locator("body")).toHaveText("10:02 ERROR <b>pool</b>");
  await (await opened).close();
});

test("a long pasted log becomes a file with its first lines, and text again by one press", async () => {
  const field = noteField(ada.page);
  await field.fill("");
  await give(field, "paste", { text: LONG_LOG });
  await expect(field).toHaveValue(
    /^```\n10:02:0 .*\n```\n\[pasted [\d .-]+\.log\]\(\/api\/v1\/[^)]+\) \([\d,]+ lines\)\n$/s,
  );
  expect((await field.inputValue()).length).toBeLessThan(2_000);
  await expectNoViolations(ada.page);
  const before = (await listed()).items.length;
  await ada.page.getByRole("button", { name: "Paste as text instead" }).click();
  await expect(field).toHaveValue(LONG_LOG);
  await until("the file that is not needed to go", async () => (await listed()).items.length === before - 1);
  await field.fill(`\`\`\`\n${LONG_LOG}\n\`\`\``);
  await field.press("Control+Enter");
  const note = timeline(lin.page).getByRole("article").filter({ hasText: "10:02:0 " });
  const all = note.getByText(/^Show all [\d,]+ lines$/);
  await expect(all).toBeVisible();
  await expect(note.getByText("10:02:700 ")).toBeHidden();
  await all.click();
  await expect(note.getByText("10:02:700 ")).toBeVisible();
  await note.getByText("Show less", { exact: true }).click();
  await expect(note.getByText("10:02:700 ")).toBeHidden();
});

test("an upload that fails says why and can be tried again; one that takes long can be cancelled", async () => {
  const field = noteField(ada.page);
  await field.fill("");
  const uploads = ada.page.getByRole("list", { name: "Files on their way" });
  await ada.page.route("**/files", (route) => route.abort());
  await give(field, "drop", { files: [{ name: "dump.json", type: "", text: "{}" }] });
  await expect(uploads.getByRole("alert")).toContainText("The server cannot be reached.");
  await expectNoViolations(ada.page);
  await ada.page.unroute("**/files");
  await uploads.getByRole("button", { name: "Retry", exact: true }).click();
  await expect(field).toHaveValue(/^\[dump\.json\]\(/);
  await expect(uploads).toHaveCount(0);

  await ada.page.route("**/files", () => {});
  await give(field, "drop", { files: [{ name: "slow.json", type: "", text: "{}" }] });
  await expect(uploads.getByRole("progressbar", { name: "Sending slow.json" })).toBeVisible();
  await uploads.getByRole("button", { name: "Cancel slow.json" }).click();
  await expect(uploads).toHaveCount(0);
  await ada.page.unroute("**/files");

  await give(field, "drop", { files: [{ name: "empty.log", type: "", text: "" }] });
  await expect(uploads.getByRole("alert")).toContainText("The file is empty");
  await expect(uploads.getByRole("button", { name: "Retry" })).toHaveCount(0);
  await uploads.getByRole("button", { name: "Close empty.log" }).click();
  await field.fill("");
});

test("a viewer sees the files and cannot add any", async ({ browser }) => {
  const vera = await personIn(browser, muster, "Vera", "viewer");
  await vera.page.goto(room);
  await expect(timeline(vera.page).getByRole("img", { name: /^screenshot/ })).toBeVisible();
  await expect(vera.page.getByRole("button", { name: "Attach" })).toHaveCount(0);
  await expect(vera.page.getByRole("button", { name: /^Remove / })).toHaveCount(0);
  await vera.context.close();
});

test("on a phone: attached by thumb, seen in both themes", async ({ browser }) => {
  const sam = await personIn(browser, muster, "Sam", "responder", {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    colorScheme: "light",
  });
  await sam.context.addCookies([{ name: "muster-theme", value: "light", url: muster.url }]);
  await sam.page.goto(room);
  const chooser = sam.page.waitForEvent("filechooser");
  await sam.page.getByRole("button", { name: "Attach", exact: true }).tap();
  const files = ["one.log", "two.log"].map((name) => ({ name, mimeType: "text/plain", buffer: Buffer.from(name) }));
  await (await chooser).setFiles(files);
  const field = noteField(sam.page);
  await expect(field).toHaveValue(/\[one\.log\]\(.*\)\n\[two\.log\]\(.*\)\n$/);
  await sam.page.getByRole("button", { name: "Add", exact: true }).tap();
  await expect(timeline(lin.page).getByRole("link", { name: "two.log", exact: true })).toBeVisible();
  await expect(timeline(sam.page).getByRole("link", { name: "two.log", exact: true })).toBeVisible();
  const overflow = await sam.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
  await expectNoViolations(sam.page);
  await sam.page
    .getByRole("navigation", { name: "Panels" })
    .getByRole("button", { name: /^Board/ })
    .tap();
  await expect(sam.page.getByRole("region", { name: "Files", exact: true })).toContainText("two.log");
  await expectNoViolations(sam.page);
  await sam.context.close();
});

test("files of notes are in the postmortem and in its export; a removed one says so everywhere", async ({
  browser,
}) => {
  await muster.api("POST", `/api/v1/incidents/${incident.id}/postmortem`);
  const olga = await ownerIn(browser, muster);
  await olga.page.goto(`${room}/postmortem`);
  const text = olga.page.getByRole("textbox", { name: "Postmortem text" });
  const preview = text.getByRole("img", { name: /^screenshot/ });
  await expect(preview).toBeVisible();
  await expect.poll(() => isShown(preview)).toBe(true);
  await expect(text.getByRole("link", { name: "app.log", exact: true })).toBeVisible();
  const [shot] = (await listed()).items;
  if (!shot) throw new Error("no screenshot");
  const exported = async () => {
    const answer = await olga.context.request.get(`${muster.url}/api/v1/incidents/${incident.id}/postmortem`, {
      headers: { accept: "text/markdown" },
    });
    return answer.text();
  };
  expect(await exported()).toContain(`(${muster.url}${shot.url})`);
  await expectNoViolations(olga.page);

  const files = ada.page.getByRole("region", { name: "Files", exact: true });
  await files.getByRole("button", { name: `Remove ${shot.name}` }).click();
  await ada.page.getByRole("dialog").getByRole("button", { name: "Remove file", exact: true }).click();
  await expect(timeline(lin.page)).toContainText(`${shot.name} (removed)`);
  await expect(timeline(lin.page).getByRole("img", { name: /^screenshot/ })).toHaveCount(0);
  await expect(text).toContainText(`${shot.name} (removed)`);
  expect(await exported()).toContain(`${shot.name} (removed)`);
  await olga.context.close();
});
