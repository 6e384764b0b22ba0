import { Feed } from "feed";
import { html } from "hono/html";
import { maintenanceStatusWords } from "#/server/maintenance/shared/words.ts";
import { utcText, windowText } from "#/server/updates/index.ts";
import { updateStatusWords } from "#/server/updates/shared/words.ts";
import type { PageIncident, PageMaintenance, PageModel } from "./model.ts";

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

type Entry = { title: string; link: string; content: string; createdAt: Date; updatedAt: Date };

/** Incidents and maintenance as they stand in a feed, the newest first. */
async function entriesOf(model: PageModel): Promise<Entry[]> {
  const { page } = model;
  const incidents = model.incidents.slice(0, ENTRIES_MAX).map(async (incident) => ({
    ...incident,
    link: `${page.url}/status/incidents/${incident.id}`,
    content: await contentOf(incident),
  }));
  const maintenances = model.maintenances.map(async (one) => ({
    ...one,
    link: `${page.url}/status/maintenance/${one.id}`,
    content: await maintenanceContent(one),
  }));
  const all: Entry[] = await Promise.all([...incidents, ...maintenances]);
  return all.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime()).slice(0, ENTRIES_MAX);
}

/** The page's news as Atom and RSS: one entry an incident or maintenance, its newest update first. */
export async function feedDocuments(model: PageModel): Promise<Map<string, string>> {
  const { page } = model;
  const newest = await entriesOf(model);
  const updated = new Date(Math.max(...newest.map((one) => one.updatedAt.getTime())));
  const feed = new Feed({
    id: `${page.url}/status`,
    title: xmlText(`${page.name}: incidents`),
    link: `${page.url}/status`,
    language: "en",
    generator: "Muster",
    updated: newest.length > 0 ? updated : model.builtAt,
    feedLinks: { atom: `${page.url}/status/feed.atom`, rss: `${page.url}/status/feed.rss` },
  });
  for (const { title, link, content, createdAt, updatedAt } of newest) {
    feed.addItem({
      id: link,
      guid: link,
      link,
      title: xmlText(title),
      description: content,
      content,
      date: updatedAt,
      published: createdAt,
    });
  }
  return new Map([
    ["/status/feed.atom", feed.atom1()],
    ["/status/feed.rss", feed.rss2()],
  ]);
}
