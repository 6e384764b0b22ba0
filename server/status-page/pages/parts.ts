import { html } from "hono/html";
import type { ComponentStatus } from "#/server/audience/shared/lists.ts";
import { utcText } from "#/server/updates/index.ts";
import { componentStatusWords, updateStatusWords } from "#/server/updates/shared/words.ts";
import type { PageIncident, PageModel, PageUpdate } from "../model.ts";
import { worstOf } from "../rules.ts";
import { durationText, timeOf } from "./dates.ts";
import { type Html, type Level, levels, linkTo } from "./layout.ts";

export const levelOfState: Record<ComponentStatus, Level> = {
  operational: "ok",
  under_maintenance: "info",
  degraded_performance: "warn",
  partial_outage: "warn",
  major_outage: "bad",
};

/** What of a text stands where the whole is one press away: about four lines. */
const EXCERPT_LENGTH_MAX = 280;
/** Updates of a current incident on the front page; all of them are on the incident's own. */
const UPDATES_SHOWN_MAX = 5;

/** The beginning of a text, cut between words. Pure. */
export function excerptOf(text: string): string {
  if (text.length <= EXCERPT_LENGTH_MAX) return text;
  const cut = text.slice(0, EXCERPT_LENGTH_MAX);
  const space = cut.search(/\s\S*$/);
  // Half a character would be none.
  return `${(space > EXCERPT_LENGTH_MAX / 2 ? cut.slice(0, space) : cut).replace(/[\ud800-\udbff]$/, "")} …`;
}

/** What an incident touches, in words: names, and how badly at worst. */
function touchedText(incident: PageIncident, model: PageModel): string {
  const ids = new Set(incident.components.map((one) => one.id));
  const names = model.components.filter((component) => ids.has(component.id)).map((component) => component.name);
  if (names.length === 0) return "";
  const worst = worstOf(incident);
  return worst === "operational"
    ? names.join(", ")
    : `${names.join(", ")} · ${componentStatusWords[worst].toLowerCase()}`;
}

function entryOf(update: PageUpdate, body: string): Html {
  return html`<li class="${update.status}"><b>${updateStatusWords[update.status]}</b>${timeOf(update.publishedAt)}${
    update.correctedAt ? html` <span class="tag" title="${utcText(update.correctedAt)}">corrected</span>` : ""
  }<div class="body">${body}</div></li>`;
}

/** Everything that was said about an incident, newest first. */
export function updateLog(incident: PageIncident): Html {
  return html`<ol class="log">${incident.updates.map((update) => entryOf(update, update.body))}</ol>`;
}

/** The address of an incident's page. */
export function incidentLink(incident: PageIncident, model: PageModel): string {
  return linkTo(model, `/status/incidents/${incident.id}`);
}

/** When an incident was, and what it touched. */
export function metaOf(incident: PageIncident, model: PageModel): Html {
  const touched = touchedText(incident, model);
  const took = incident.resolvedAt
    ? html` · resolved after ${durationText(incident.resolvedAt.getTime() - incident.startedAt.getTime())}`
    : "";
  return html`<p class="muted meta">${touched ? html`${touched} · ` : ""}since ${timeOf(incident.startedAt)}${took}</p>`;
}

/** A current incident as a card: its newest update whole, those before it shortened. */
export function incidentCard(incident: PageIncident, model: PageModel): Html {
  const link = incidentLink(incident, model);
  const [newest, ...before] = incident.updates.slice(0, UPDATES_SHOWN_MAX);
  const hidden = incident.updates.length - UPDATES_SHOWN_MAX;
  const log = html`<ol class="log">${newest ? entryOf(newest, newest.body) : ""}${before.map((update) => entryOf(update, excerptOf(update.body)))}</ol>`;
  return html`<article class="card incident"><h2><a href="${link}">${incident.title}</a></h2>${metaOf(incident, model)}${log}${
    hidden > 0 ? html`<p class="muted more"><a href="${link}">All ${incident.updates.length} updates</a></p>` : ""
  }</article>`;
}

/** An incident in three lines: what, how long, how it stands or ended. */
export function incidentLine(incident: PageIncident, model: PageModel): Html {
  const last = incident.updates[0];
  const took = incident.resolvedAt
    ? durationText(incident.resolvedAt.getTime() - incident.startedAt.getTime())
    : "not resolved yet";
  return html`<div class="past"><a href="${incidentLink(incident, model)}">${incident.title}</a> <span class="muted">· ${took}</span>${
    last ? html`<div class="muted body">${updateStatusWords[last.status]} · ${excerptOf(last.body)}</div>` : ""
  }</div>`;
}

/** A state as sign and word. */
export function stateOf(status: ComponentStatus): Html {
  const level = levelOfState[status];
  return html`<span class="state ${level}"><span aria-hidden="true">${levels[level].sign}</span> ${componentStatusWords[status]}</span>`;
}
