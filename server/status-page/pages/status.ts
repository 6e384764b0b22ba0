import { html } from "hono/html";
import type { ComponentStatus } from "#/server/audience/shared/lists.ts";
import { utcText } from "#/server/updates/index.ts";
import { componentStatusWords } from "#/server/updates/shared/words.ts";
import { componentTree } from "../component-tree.ts";
import type { PageComponent, PageModel } from "../model.ts";
import { dailyStates, dayOf, headlineOf, indicatorOf, isUnresolved, lastDays } from "../rules.ts";
import { frameOf, type Html, levelOfIndicator, levels, renderPage } from "./layout.ts";
import { runningMaintenance, scheduledMaintenance } from "./maintenance.ts";
import { incidentCard, levelOfState, pastIncident, stateOf } from "./parts.ts";
import { subscribeForm } from "./subscribe.ts";

const BAR_DAYS = 90;
const PAST_DAYS = 14;

/** A UTC day for people: `21 Nov 2026`. Pure. */
export function dayText(day: string): string {
  return utcText(new Date(`${day}T00:00:00Z`)).replace(/,.*$/, "");
}

function bannerOf(model: PageModel): Html {
  const level = levelOfIndicator[indicatorOf(model)];
  return html`<div class="now ${level}"><span class="sign" aria-hidden="true">${levels[level].sign}</span><div><h1>${headlineOf(model)}</h1><p>Last updated <time datetime="${model.builtAt.toISOString()}">${utcText(model.builtAt)}</time></p></div></div>`;
}

function barOf(day: string, state: ComponentStatus | null): Html {
  const level = state === null ? "none" : levelOfState[state];
  const word = state === null ? "no data" : componentStatusWords[state];
  return html`<i class="${level}" title="${dayText(day)}: ${word}"></i>`;
}

function componentRow(component: PageComponent, model: PageModel, days: readonly string[]): Html {
  const states = dailyStates(component, model.incidents, days, model.builtAt);
  const bad = states.filter((state) => state !== null && state !== "operational").length;
  const summary = bad === 0 ? "no day with problems" : `${bad} ${bad === 1 ? "day" : "days"} with problems`;
  const bars = component.showcase
    ? html`<div class="bars" role="img" aria-label="The last ${BAR_DAYS} days: ${summary}">${states.map((state, index) => barOf(days[index] ?? "", state))}</div><div class="scale"><span><span class="l">90 days ago</span><span class="m">30 days ago</span></span><span>Today</span></div>`
    : "";
  return html`<li><div class="row"><span class="what">${component.name}</span>${stateOf(component.status)}</div>${
    component.description ? html`<p class="muted">${component.description}</p>` : ""
  }${bars}</li>`;
}

function groupRow(group: PageComponent, rows: readonly Html[]): Html {
  return html`<li><details${group.status === "operational" ? "" : " open"}><summary class="row"><span class="what">${group.name}</span>${stateOf(group.status)}</summary>${
    group.description ? html`<p class="muted">${group.description}</p>` : ""
  }<ul class="group">${rows}</ul></details></li>`;
}

function componentsOf(model: PageModel): Html {
  const tree = componentTree(model.components);
  if (tree.length === 0) return html``;
  const days = lastDays(model.builtAt, BAR_DAYS);
  return html`<section aria-labelledby="components"><h2 id="components">Components</h2><ul class="components">${tree.map(
    ({ component, children }) =>
      component.group
        ? groupRow(
            component,
            children.map((one) => componentRow(one, model, days)),
          )
        : componentRow(component, model, days),
  )}</ul></section>`;
}

function pastOf(model: PageModel): Html {
  const days = lastDays(model.builtAt, PAST_DAYS).reverse();
  return html`<section aria-labelledby="past"><h2 id="past">Past incidents</h2><ol class="days">${days.map((day) => {
    const ofDay = model.incidents.filter((incident) => dayOf(incident.createdAt) === day);
    const content = ofDay.length > 0 ? ofDay.map(pastIncident) : html`<p class="muted">No incidents reported.</p>`;
    return html`<li><h3><time datetime="${day}">${dayText(day)}</time></h3><div>${content}</div></li>`;
  })}</ol><p><a href="/status/history">All incidents</a></p></section>`;
}

/** `/status`: how things are now, and how they were in the last days. */
export function statusPage(model: PageModel): Promise<Buffer> {
  const current = model.incidents.filter(isUnresolved);
  const content = html`${bannerOf(model)}
${current.length > 0 ? html`<section aria-label="Current incidents">${current.map((incident) => incidentCard(incident, model))}</section>` : ""}
${runningMaintenance(model)}${componentsOf(model)}${scheduledMaintenance(model)}
${pastOf(model)}
${model.hasMail ? subscribeForm(model) : ""}`;
  return renderPage({ ...frameOf(model), title: `${model.page.name}: ${headlineOf(model)}`, content });
}
