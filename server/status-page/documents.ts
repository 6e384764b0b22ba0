import { NOT_FOUND_PATH } from "./answers.ts";
import { feedDocuments } from "./feeds.ts";
import { jsonDocuments } from "./json.ts";
import type { PageModel } from "./model.ts";
import { historyPage, incidentPage, notFoundPage } from "./pages/incident.ts";
import { iconOf, levelOfIndicator } from "./pages/layout.ts";
import { maintenancePage } from "./pages/maintenance.ts";
import { statusPage } from "./pages/status.ts";
import { STYLE, STYLE_PATH } from "./pages/style.ts";
import { indicatorOf } from "./rules.ts";

/** Incidents made into pages before other work gets its turn. */
const PAGES_AT_ONCE = 20;

/** Every document of the page by its path: one model, so that no two of them disagree. */
export async function buildDocuments(model: PageModel): Promise<Map<string, Buffer>> {
  const documents = new Map<string, Buffer>([
    ["/status", await statusPage(model)],
    ["/status/history", await historyPage(model)],
    [NOT_FOUND_PATH, await notFoundPage(model)],
    [STYLE_PATH, Buffer.from(STYLE)],
    ["/status/icon.svg", Buffer.from(iconOf(levelOfIndicator[indicatorOf(model)]))],
  ]);
  for (const [path, value] of jsonDocuments(model)) documents.set(path, Buffer.from(JSON.stringify(value)));
  for (const [path, text] of await feedDocuments(model)) documents.set(path, Buffer.from(text));
  for (const [index, incident] of model.incidents.entries()) {
    documents.set(`/status/incidents/${incident.id}`, await incidentPage(incident, model));
    if (index % PAGES_AT_ONCE === PAGES_AT_ONCE - 1) await new Promise((resolve) => setImmediate(resolve));
  }
  for (const maintenance of model.maintenances) {
    documents.set(`/status/maintenance/${maintenance.id}`, await maintenancePage(maintenance, model));
  }
  return documents;
}
