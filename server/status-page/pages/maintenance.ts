import { html } from "hono/html";
import { isEnded, isRunning, type MaintenanceStatus } from "#/server/maintenance/shared/lists.ts";
import { maintenanceStatusWords } from "#/server/maintenance/shared/words.ts";
import { utcText, windowText } from "#/server/updates/index.ts";
import type { PageMaintenance, PageModel } from "../model.ts";
import { timeOf } from "./dates.ts";
import { type Html, linkTo, renderPage } from "./layout.ts";

/** When it is, or was, as both instants and one text: an early start and end count. */
function windowOf({ scheduledFor, scheduledUntil, startedAt, endedAt, status }: PageMaintenance): Html {
  const from = startedAt && startedAt < scheduledFor ? startedAt : scheduledFor;
  const until = status === "completed" && endedAt && endedAt > from ? endedAt : scheduledUntil;
  return html`<time datetime="${from.toISOString()}/${until.toISOString()}">${windowText(from, until)}</time>`;
}

function touchedText(maintenance: PageMaintenance, model: PageModel): string {
  const ids = new Set(maintenance.components);
  return model.components
    .filter((component) => ids.has(component.id))
    .map((component) => component.name)
    .join(", ");
}

function metaOf(maintenance: PageMaintenance, model: PageModel): Html {
  const touched = touchedText(maintenance, model);
  return html`<p class="muted meta"><span class="tag">${maintenanceStatusWords[maintenance.status]}</span> ${windowOf(maintenance)}${touched ? html` · ${touched}` : ""}</p>`;
}

function logOf(maintenance: PageMaintenance): Html {
  return html`<ol class="log">${maintenance.updates.map(
    (update) =>
      html`<li class="${update.status === "completed" ? "resolved" : update.status}"><b>${maintenanceStatusWords[update.status]}</b>${timeOf(update.publishedAt)}${
        update.correctedAt ? html` <span class="tag" title="${utcText(update.correctedAt)}">corrected</span>` : ""
      }<div class="body">${update.body}</div></li>`,
  )}</ol>`;
}

function card(maintenance: PageMaintenance, model: PageModel): Html {
  return html`<article class="card incident"><h2><a href="${linkTo(model, `/status/maintenance/${maintenance.id}`)}">${maintenance.title}</a></h2>${metaOf(maintenance, model)}${logOf(maintenance)}</article>`;
}

function sectionOf(title: string, of: readonly PageMaintenance[], model: PageModel): Html | "" {
  if (of.length === 0) return "";
  const id = title.toLowerCase().replaceAll(" ", "-");
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${of.map((one) => card(one, model))}</section>`;
}

const only = (model: PageModel, wanted: (status: MaintenanceStatus) => boolean) =>
  model.maintenances.filter((one) => wanted(one.status));

/** What is being worked on now, with all that was said; nothing while nothing is. */
export function runningMaintenance(model: PageModel): Html | "" {
  return sectionOf("Maintenance in progress", only(model, isRunning), model);
}

/** What is announced, the soonest first; nothing while nothing is. */
export function scheduledMaintenance(model: PageModel): Html | "" {
  const scheduled = only(model, (status) => status === "scheduled");
  return sectionOf("Scheduled maintenance", scheduled, model);
}

/** What is over, newest first; nothing before there is any. */
export function pastMaintenance(model: PageModel): Html | "" {
  const past = only(model, isEnded);
  if (past.length === 0) return "";
  return html`<section aria-labelledby="past-maintenance"><h2 id="past-maintenance">Past maintenance</h2><ol class="days">${past.map(
    (one) =>
      html`<li><h3><time datetime="${one.scheduledFor.toISOString()}">${utcText(one.scheduledFor).replace(/,.*$/, "")}</time></h3><div><div class="past"><a href="${linkTo(model, `/status/maintenance/${one.id}`)}">${one.title}</a> <span class="muted">· ${maintenanceStatusWords[one.status]}</span><div class="muted">${windowOf(one)}</div></div></div></li>`,
  )}</ol></section>`;
}

/** `/status/maintenance/{id}`: one maintenance with all that was said about it. */
export function maintenancePage(maintenance: PageMaintenance, model: PageModel): Promise<Buffer> {
  const content = html`<article class="card incident"><h1>${maintenance.title}</h1>${metaOf(maintenance, model)}${logOf(maintenance)}</article>
<p><a href="${linkTo(model, "/status")}">Current status</a></p>`;
  return renderPage(model, { title: `${maintenance.title} · ${model.page.name}`, content });
}
