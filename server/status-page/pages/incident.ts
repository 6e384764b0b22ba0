import { html } from "hono/html";
import type { PageIncident, PageModel } from "../model.ts";
import { linkTo, renderPage } from "./layout.ts";
import { metaOf, updateLog } from "./parts.ts";
import { messageContent } from "./subscribe.ts";

/** `/status/incidents/{ref}`: one incident with all that was said about it. */
export function incidentPage(incident: PageIncident, model: PageModel): Promise<Buffer> {
  const content = html`<article class="card incident"><h1>${incident.title}</h1>${metaOf(incident, model)}${updateLog(incident)}</article>
<p><a href="${linkTo(model, "/status")}">Current status</a></p>`;
  return renderPage(model, { title: `${incident.title} · ${model.page.name}`, content });
}

/** What an unknown address under `/status/` gets. */
export function notFoundPage(model: PageModel): Promise<Buffer> {
  const content = messageContent({
    title: "Not found",
    text: "There is no such page. It may be older than what is kept here.",
  });
  return renderPage(model, { title: `Not found · ${model.page.name}`, content, isIndexed: false });
}
