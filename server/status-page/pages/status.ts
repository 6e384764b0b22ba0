import { html } from "hono/html";
import { componentTree } from "../component-tree.ts";
import type { PageComponent, PageIncident, PageModel } from "../model.ts";
import { BAR_DAYS, dayOf, headlineOf, indicatorOf, isUnresolved, lastDays } from "../rules.ts";
import { uptimeDays } from "../uptime.ts";
import { barsOf } from "./bars.ts";
import { dateOf, timeOf } from "./dates.ts";
import { type Html, levelOfIndicator, levels, linkTo, renderPage } from "./layout.ts";
import { runningMaintenance, scheduledMaintenance } from "./maintenance.ts";
import { incidentCard, incidentLine, stateOf } from "./parts.ts";
import { subscribeForm } from "./subscribe.ts";

const PAST_DAYS = 14;
/** Current incidents with their updates; with more, nobody reads them here, and the page has to stay light. */
const CARDS_MAX = 5;

function bannerOf(model: PageModel): Html {
  const level = levelOfIndicator[indicatorOf(model)];
  return html`<div class="now ${level}"><span class="sign" aria-hidden="true">${levels[level].sign}</span><div><h1>${headlineOf(model)}</h1><p>As of ${timeOf(model.builtAt)}</p></div></div>`;
}

function currentOf(model: PageModel): Html {
  const current = model.incidents.filter(isUnresolved);
  if (current.length === 0) return html``;
  const more = current.slice(CARDS_MAX);
  return html`<section aria-label="Current incidents">${current.slice(0, CARDS_MAX).map((one) => incidentCard(one, model))}${
    more.length > 0 ? html`<div class="card">${more.map((incident) => incidentLine(incident, model))}</div>` : ""
  }</section>`;
}

type Shown = { days: readonly string[]; now: Date };

function componentRow(component: PageComponent, { days, now }: Shown): Html {
  const told = uptimeDays(component.states, days, { since: new Date(component.startDate), now });
  return html`<li><div class="row"><span class="what">${component.name}</span>${stateOf(component.status)}</div>${
    component.description ? html`<p class="muted">${component.description}</p>` : ""
  }${component.showcase ? barsOf(told) : ""}</li>`;
}

function groupRow(group: PageComponent, rows: readonly Html[]): Html {
  return html`<li><details${group.status === "operational" ? "" : " open"}><summary class="row"><span class="what">${group.name}</span>${stateOf(group.status)}</summary>${
    group.description ? html`<p class="muted">${group.description}</p>` : ""
  }<ul class="group">${rows}</ul></details></li>`;
}

function componentsOf(model: PageModel): Html {
  const tree = componentTree(model.components);
  if (tree.length === 0) return html``;
  const now = model.builtAt;
  const shown = { days: lastDays(now, BAR_DAYS), now };
  return html`<section aria-labelledby="components"><h2 id="components">Components</h2><ul class="components">${tree.map(
    ({ component, children }) =>
      component.group
        ? groupRow(
            component,
            children.map((one) => componentRow(one, shown)),
          )
        : componentRow(component, shown),
  )}</ul></section>`;
}

/** Days, newest first, so that quiet ones after each other are one entry. */
function entriesOf(days: readonly string[], model: PageModel): { days: string[]; incidents: PageIncident[] }[] {
  const byDay = Map.groupBy(model.incidents, (incident) => dayOf(incident.createdAt));
  const entries: { days: string[]; incidents: PageIncident[] }[] = [];
  for (const day of days) {
    const incidents = byDay.get(day) ?? [];
    const last = entries.at(-1);
    if (last && last.incidents.length === 0 && incidents.length === 0) last.days.push(day);
    else entries.push({ days: [day], incidents });
  }
  return entries;
}

function pastOf(model: PageModel): Html {
  const entries = entriesOf(lastDays(model.builtAt, PAST_DAYS).reverse(), model).map(({ days, incidents }) => {
    const [newest = "", oldest = ""] = [days[0], days.at(-1)];
    const when = days.length === 1 ? dateOf(newest) : html`${dateOf(oldest)} to ${dateOf(newest)}`;
    const lines = incidents.map((incident) => incidentLine(incident, model));
    return html`<li><h3>${when}</h3><div>${lines.length > 0 ? lines : html`<p class="muted">No incidents reported.</p>`}</div></li>`;
  });
  return html`<section aria-labelledby="past"><h2 id="past">Past incidents</h2><ol class="days">${entries}</ol><p><a href="${linkTo(model, "/status/history")}">All incidents</a></p></section>`;
}

/** `/status`: how things are now, and how they were in the last days. */
export function statusPage(model: PageModel): Promise<Buffer> {
  const content = html`${bannerOf(model)}
${currentOf(model)}
${runningMaintenance(model)}${componentsOf(model)}${scheduledMaintenance(model)}
${pastOf(model)}
${model.hasMail ? subscribeForm(model) : ""}`;
  return renderPage(model, { title: `${model.page.name}: ${headlineOf(model)}`, content });
}
