import { html } from "hono/html";
import type { ComponentStatus } from "#/server/audience/shared/lists.ts";
import { utcText } from "#/server/updates/index.ts";
import { componentStatusWords, updateStatusWords } from "#/server/updates/shared/words.ts";
import type { PageIncident, PageModel } from "../model.ts";
import { worstOf } from "../rules.ts";
import { type Html, type Level, levels } from "./layout.ts";

export const levelOfState: Record<ComponentStatus, Level> = {
  operational: "ok",
  under_maintenance: "info",
  degraded_performance: "warn",
  partial_outage: "warn",
  major_outage: "bad",
};

/** An instant with its machine-readable form. */
export function timeOf(at: Date): Html {
  return html`<time datetime="${at.toISOString()}">${utcText(at)}</time>`;
}

/** How long something took, to the minute: `1 h 48 min`. Pure. */
export function durationText(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return `${minutes} min`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
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

/** Everything that was said about an incident, newest first. */
export function updateLog(incident: PageIncident): Html {
  return html`<ol class="log">${incident.updates.map(
    (update) =>
      html`<li class="${update.status}"><b>${updateStatusWords[update.status]}</b>${timeOf(update.publishedAt)}${
        update.correctedAt ? html` <span class="tag" title="${utcText(update.correctedAt)}">corrected</span>` : ""
      }<div class="body">${update.body}</div></li>`,
  )}</ol>`;
}

/** When an incident was, and what it touched. */
export function metaOf(incident: PageIncident, model: PageModel): Html {
  const touched = touchedText(incident, model);
  const took = incident.resolvedAt
    ? html` · resolved after ${durationText(incident.resolvedAt.getTime() - incident.startedAt.getTime())}`
    : "";
  return html`<p class="muted meta">${touched ? html`${touched} · ` : ""}since ${timeOf(incident.startedAt)}${took}</p>`;
}

/** An incident as a card with its whole log. */
export function incidentCard(incident: PageIncident, model: PageModel): Html {
  return html`<article class="card incident"><h2><a href="/status/incidents/${incident.id}">${incident.title}</a></h2>${metaOf(incident, model)}${updateLog(incident)}</article>`;
}

/** A past incident in three lines: what, how long, how it ended. */
export function pastIncident(incident: PageIncident): Html {
  const last = incident.updates[0];
  const took = incident.resolvedAt
    ? durationText(incident.resolvedAt.getTime() - incident.startedAt.getTime())
    : "not resolved yet";
  return html`<div class="past"><a href="/status/incidents/${incident.id}">${incident.title}</a> <span class="muted">· ${took}</span>${
    last ? html`<div class="muted body">${updateStatusWords[last.status]} · ${last.body}</div>` : ""
  }</div>`;
}

/** A state as sign and word. */
export function stateOf(status: ComponentStatus): Html {
  const level = levelOfState[status];
  return html`<span class="state ${level}"><span aria-hidden="true">${levels[level].sign}</span> ${componentStatusWords[status]}</span>`;
}
