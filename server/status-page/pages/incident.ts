import { html } from "hono/html";
import type { PageIncident, PageModel } from "../model.ts";
import { frameOf, renderPage } from "./layout.ts";
import { pastMaintenance } from "./maintenance.ts";
import { metaOf, pastIncident, updateLog } from "./parts.ts";
import { messageContent } from "./subscribe.ts";

/** `/status/incidents/{ref}`: one incident with all that was said about it. */
export function incidentPage(incident: PageIncident, model: PageModel): Promise<Buffer> {
  const content = html`<article class="card incident"><h1>${incident.title}</h1>${metaOf(incident, model)}${updateLog(incident)}</article>
<p><a href="/status">Current status</a></p>`;
  return renderPage({ ...frameOf(model), title: `${incident.title} · ${model.page.name}`, content });
}

function monthText(month: string): string {
  const at = new Date(`${month}-01T00:00:00Z`);
  return at.toLocaleDateString("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });
}

/** `/status/history`: all incidents by month, newest first. */
export function historyPage(model: PageModel): Promise<Buffer> {
  const byMonth = Map.groupBy(model.incidents, (incident) => incident.createdAt.toISOString().slice(0, 7));
  const months = [...byMonth].map(
    ([month, incidents]) =>
      html`<section><h2>${monthText(month)}</h2><ol class="days">${incidents.map(
        (incident) =>
          html`<li><h3><time datetime="${incident.createdAt.toISOString()}">${incident.createdAt.toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" })}</time></h3><div>${pastIncident(incident)}</div></li>`,
      )}</ol></section>`,
  );
  const content = html`<h1>History</h1>${months.length > 0 ? months : html`<p class="muted">No incidents reported so far.</p>`}${pastMaintenance(model)}`;
  return renderPage({ ...frameOf(model), title: `History · ${model.page.name}`, content });
}

/** What an unknown address under `/status/` gets. */
export function notFoundPage(model: PageModel): Promise<Buffer> {
  const content = messageContent({
    title: "Not found",
    text: "There is no such page. It may be older than what is kept here.",
  });
  return renderPage({ ...frameOf(model), title: `Not found · ${model.page.name}`, content, isIndexed: false });
}
