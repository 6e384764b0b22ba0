import { Feed } from "feed";
import { html } from "hono/html";
import { utcText } from "#/server/updates/index.ts";
import { updateStatusWords } from "#/server/updates/shared/words.ts";
import type { PageIncident, PageModel } from "./model.ts";
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

type Told = {
  title: string;
  /** The feed's own folder: `/status`, or that of a component. */
  path: string;
  incidents: readonly PageIncident[];
  contents: ReadonlyMap<string, string>;
};

/** One entry an incident, its newest update first. */
function feedOf(model: PageModel, { title, path, incidents, contents }: Told): Feed {
  const { page } = model;
  const to = (where: string) => `${page.url}${linkTo(model, where)}`;
  const newest = incidents.slice(0, ENTRIES_MAX);
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
  for (const incident of newest) {
    const content = contents.get(incident.id) ?? "";
    const id = `${page.url}/status/incidents/${incident.id}`;
    feed.addItem({
      id,
      guid: id,
      link: to(`/status/incidents/${incident.id}`),
      title: xmlText(incident.title),
      description: content,
      content,
      date: incident.updatedAt,
      published: incident.createdAt,
    });
  }
  return feed;
}

/**
 * The page's news as Atom and RSS by their paths: of all incidents, and of each component's. The first two lie where
 * Statuspage has them, too, so that readers find them.
 */
export async function* feedDocuments(model: PageModel): AsyncGenerator<[path: string, text: string]> {
  const { name } = model.page;
  const ofComponent = model.components.map((component) => ({
    component,
    incidents: model.incidents
      .filter((one) => one.components.some(({ id }) => id === component.id))
      .slice(0, ENTRIES_MAX),
  }));
  const told = new Set([...model.incidents.slice(0, ENTRIES_MAX), ...ofComponent.flatMap((one) => one.incidents)]);
  const contents = new Map<string, string>();
  for (const incident of told) contents.set(incident.id, await contentOf(incident));

  const all = feedOf(model, { title: `${name}: incidents`, path: "/status", incidents: model.incidents, contents });
  const [atom, rss] = [all.atom1(), all.rss2()];
  yield ["/status/feed.atom", atom];
  yield ["/status/feed.rss", rss];
  yield ["/history.atom", atom];
  yield ["/history.rss", rss];
  for (const { component, incidents } of ofComponent) {
    const path = `/status/components/${component.id}`;
    const feed = feedOf(model, { title: `${name}: ${component.name}`, path, incidents, contents });
    yield [`${path}/feed.atom`, feed.atom1()];
    yield [`${path}/feed.rss`, feed.rss2()];
    await new Promise((resolve) => setImmediate(resolve));
  }
}
