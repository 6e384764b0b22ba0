import { Feed } from "feed";
import { html } from "hono/html";
import { maintenanceStatusWords } from "#/server/maintenance/shared/words.ts";
import { utcText, windowText } from "#/server/updates/index.ts";
import { updateStatusWords } from "#/server/updates/shared/words.ts";
import type { PageIncident, PageMaintenance, PageModel } from "./model.ts";
import { linkTo } from "./pages/layout.ts";

/** Feed readers ask often; older entries are on the history page. */
const ENTRIES_MAX = 25;

/** What XML 1.0 cannot hold. */
function xmlText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not get into XML.
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "");
}

async function contentOf(incident: PageIncident): Promise<string> {
  const entries = incident.updates.map((update) => {
    const corrected = update.correctedAt ? ` (corrected ${utcText(update.correctedAt)})` : "";
    const lines = update.body.split("\n").map((line, index) => (index === 0 ? html`${line}` : html`<br>${line}`));
    return html`<p><small>${utcText(update.publishedAt)}${corrected}</small><br><strong>${updateStatusWords[update.status]}</strong> - ${lines}</p>`;
  });
  return xmlText((await html`${entries}`).toString());
}

async function maintenanceContent(maintenance: PageMaintenance): Promise<string> {
  const { scheduledFor, scheduledUntil, updates } = maintenance;
  const entries = updates.map((update) => {
    const corrected = update.correctedAt ? ` (corrected ${utcText(update.correctedAt)})` : "";
    const lines = update.body.split("\n").map((line, index) => (index === 0 ? html`${line}` : html`<br>${line}`));
    return html`<p><small>${utcText(update.publishedAt)}${corrected}</small><br><strong>${maintenanceStatusWords[update.status]}</strong> - ${lines}</p>`;
  });
  const when = html`<p><strong>Scheduled maintenance</strong>: ${windowText(scheduledFor, scheduledUntil)}</p>`;
  return xmlText((await html`${when}${entries}`).toString());
}

/** An incident or a maintenance as it stands in a feed. */
type Entry = { title: string; path: string; content: string; createdAt: Date; updatedAt: Date };

type Told = {
  title: string;
  /** The feed's own folder: `/status`, or that of a component. */
  path: string;
  /** In any order. */
  entries: readonly Entry[];
};

/** The newest entries, each with its newest update first. */
function feedOf(model: PageModel, { title, path, entries }: Told): Feed {
  const { page } = model;
  const to = (where: string) => `${page.url}${linkTo(model, where)}`;
  const newest = entries.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime()).slice(0, ENTRIES_MAX);
  const times = newest.map((one) => one.updatedAt.getTime());
  const feed = new Feed({
    id: `${page.url}${path}`,
    title: xmlText(title),
    link: to("/status"),
    language: "en",
    generator: "Muster",
    updated: times.length > 0 ? new Date(Math.max(...times)) : model.builtAt,
    feedLinks: { atom: to(`${path}/feed.atom`), rss: to(`${path}/feed.rss`) },
  });
  for (const entry of newest) {
    const id = `${page.url}${entry.path}`;
    feed.addItem({
      id,
      guid: id,
      link: to(entry.path),
      title: xmlText(entry.title),
      description: entry.content,
      content: entry.content,
      date: entry.updatedAt,
      published: entry.createdAt,
    });
  }
  return feed;
}

async function incidentEntry(incident: PageIncident): Promise<Entry> {
  return { ...incident, path: `/status/incidents/${incident.id}`, content: await contentOf(incident) };
}

async function maintenanceEntry(maintenance: PageMaintenance): Promise<Entry> {
  return {
    ...maintenance,
    path: `/status/maintenance/${maintenance.id}`,
    content: await maintenanceContent(maintenance),
  };
}

/**
 * The page's news as Atom and RSS by their paths: of everything, and of each component. The first two lie where
 * Statuspage has them, too, so that readers find them.
 */
export async function* feedDocuments(model: PageModel): AsyncGenerator<[path: string, text: string]> {
  const { name } = model.page;
  const entries = new Map<PageIncident | PageMaintenance, Entry>();
  async function entriesOf(some: readonly (PageIncident | PageMaintenance)[]): Promise<Entry[]> {
    const found: Entry[] = [];
    for (const one of some) {
      const entry = entries.get(one) ?? (await ("impact" in one ? incidentEntry(one) : maintenanceEntry(one)));
      entries.set(one, entry);
      found.push(entry);
    }
    return found;
  }
  const newest = model.incidents.slice(0, ENTRIES_MAX);
  const path = "/status";
  const all = feedOf(model, {
    title: `${name}: incidents`,
    path,
    entries: await entriesOf([...newest, ...model.maintenances]),
  });
  const [atom, rss] = [all.atom1(), all.rss2()];
  yield ["/status/feed.atom", atom];
  yield ["/status/feed.rss", rss];
  yield ["/history.atom", atom];
  yield ["/history.rss", rss];
  for (const component of model.components.filter((one) => !one.group)) {
    const path = `/status/components/${component.id}`;
    const incidents = model.incidents.filter((one) => one.components.some(({ id }) => id === component.id));
    const maintenances = model.maintenances.filter((one) => one.components.includes(component.id));
    const told = await entriesOf([...incidents.slice(0, ENTRIES_MAX), ...maintenances]);
    const feed = feedOf(model, { title: `${name}: ${component.name}`, path, entries: told });
    yield [`${path}/feed.atom`, feed.atom1()];
    yield [`${path}/feed.rss`, feed.rss2()];
    await new Promise((resolve) => setImmediate(resolve));
  }
}
