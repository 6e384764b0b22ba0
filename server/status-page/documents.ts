import { NOT_FOUND_PATH } from "./answers.ts";
import { feedDocuments } from "./feeds.ts";
import { jsonDocuments } from "./json.ts";
import { logoPath } from "./logo.ts";
import type { PageModel } from "./model.ts";
import { historyPage, historyPages } from "./pages/history.ts";
import { incidentPage, notFoundPage } from "./pages/incident.ts";
import { iconOf, levelOfIndicator, renderPage } from "./pages/layout.ts";
import { maintenancePage } from "./pages/maintenance.ts";
import { statusPage } from "./pages/status.ts";
import { styleOf, stylePath } from "./pages/style.ts";
import { privateContent } from "./pages/subscribe.ts";
import { indicatorOf } from "./rules.ts";

/** Pages made before other work gets its turn. */
const PAGES_AT_ONCE = 20;
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** Every document of the page by its path: one model, so that no two of them disagree. */
export async function buildDocuments(model: PageModel): Promise<Map<string, Buffer>> {
  const { color, logo } = model.page;
  const documents = new Map<string, Buffer>([
    ["/status", await statusPage(model)],
    [NOT_FOUND_PATH, await notFoundPage(model)],
    [stylePath(color), Buffer.from(styleOf(color))],
    ["/status/icon.svg", Buffer.from(iconOf(levelOfIndicator[indicatorOf(model)]))],
  ]);
  if (logo) documents.set(logoPath(logo), logo.bytes);
  for (const page of historyPages(model.incidents, model.builtAt)) {
    documents.set(page.path, await historyPage(page, model));
  }
  for (const [path, value] of jsonDocuments(model)) documents.set(path, Buffer.from(JSON.stringify(value)));
  for await (const [path, text] of feedDocuments(model)) documents.set(path, Buffer.from(text));
  for (const [index, incident] of model.incidents.entries()) {
    documents.set(`/status/incidents/${incident.id}`, await incidentPage(incident, model));
    if (index % PAGES_AT_ONCE === PAGES_AT_ONCE - 1) await nextTurn();
  }
  for (const maintenance of model.maintenances) {
    documents.set(`/status/maintenance/${maintenance.id}`, await maintenancePage(maintenance, model));
  }
  return documents;
}

/**
 * What everybody may see of a page that is not for everybody: that it is private. `signIn` is where its readers sign
 * in, null for one that is read by its link.
 */
export async function privateDocuments(signIn: string | null): Promise<Map<string, Buffer>> {
  const page = { id: "", name: "Status page", url: "", suffix: "", timeZone: "Etc/UTC", color: null, logo: null };
  const title = "This status page is private";
  const content = privateContent(signIn);
  const notice = await renderPage({ page, builtAt: new Date(0) }, { title, content, isIndexed: false, isBare: true });
  return new Map<string, Buffer>([
    ["/status", notice],
    [NOT_FOUND_PATH, notice],
    [stylePath(null), Buffer.from(styleOf(null))],
  ]);
}
