import { html } from "hono/html";
import type { PageIncident, PageModel } from "../model.ts";
import { dayOf } from "../rules.ts";
import { dateOf, monthText } from "./dates.ts";
import { type Html, linkTo, renderPage } from "./layout.ts";
import { pastMaintenance } from "./maintenance.ts";
import { incidentLine } from "./parts.ts";

/** The front page of the history; older ones are named by their quarter. */
const FRONT = "/status/history";
const MONTHS_A_PAGE = 3;

type Month = { month: string; incidents: PageIncident[] };
export type HistoryPage = { path: string; months: Month[]; newer: string | null; older: string | null };

/** Months counted from the year 0, so that they can be reckoned with. */
function numberOf(at: Date): number {
  return at.getUTCFullYear() * 12 + at.getUTCMonth();
}

function nameOf(month: number): string {
  return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}`;
}

function pathOfQuarter(quarter: number): string {
  return `${FRONT}/${Math.floor(quarter / 4)}-q${(quarter % 4) + 1}`;
}

/**
 * The pages of the history, newest first: the last three months, and each calendar quarter back to the first incident.
 * A quarter keeps its address for ever. Pure.
 */
export function historyPages(incidents: readonly PageIncident[], now: Date): HistoryPage[] {
  const byMonth = Map.groupBy(incidents, (incident) => numberOf(incident.createdAt));
  const latest = numberOf(now);
  const oldest = Math.min(latest, ...byMonth.keys());
  const monthsFrom = (newest: number) =>
    Array.from({ length: MONTHS_A_PAGE }, (_, back) => newest - back)
      .filter((month) => month <= latest)
      .map((month) => ({ month: nameOf(month), incidents: byMonth.get(month) ?? [] }));
  const pages = [{ path: FRONT, months: monthsFrom(latest) }];
  const newestQuarter = Math.floor(latest / MONTHS_A_PAGE);
  // A quarter that the front page shows whole is needed only as long as something older follows.
  const last = Math.floor(oldest / MONTHS_A_PAGE);
  if (oldest <= latest - MONTHS_A_PAGE) {
    for (let quarter = newestQuarter; quarter >= last; quarter -= 1) {
      pages.push({ path: pathOfQuarter(quarter), months: monthsFrom(quarter * MONTHS_A_PAGE + MONTHS_A_PAGE - 1) });
    }
  }
  const firstOlder = Math.floor((latest - MONTHS_A_PAGE) / MONTHS_A_PAGE);
  return pages.map((page, index) => ({
    ...page,
    newer: index === 0 ? null : (pages[index - 1]?.path ?? null),
    // From the front page straight to the quarter that goes on where it ends.
    older: index === 0 && pages.length > 1 ? pathOfQuarter(firstOlder) : (pages[index + 1]?.path ?? null),
  }));
}

function monthOf({ month, incidents }: Month, model: PageModel): Html {
  const lines = incidents.map(
    (incident) =>
      html`<li><h3>${dateOf(dayOf(incident.createdAt))}</h3><div>${incidentLine(incident, model)}</div></li>`,
  );
  return html`<section><h2>${monthText(month)}</h2>${
    lines.length > 0 ? html`<ol class="days">${lines}</ol>` : html`<p class="muted">No incidents reported.</p>`
  }</section>`;
}

/** One page of the history: its months, newest first, and the way to the others. */
export function historyPage(page: HistoryPage, model: PageModel): Promise<Buffer> {
  const ways = html`<nav class="ways" aria-label="Other months">${
    page.newer ? html`<a rel="prev" href="${linkTo(model, page.newer)}">Newer</a>` : html`<span></span>`
  }${page.older ? html`<a rel="next" href="${linkTo(model, page.older)}">Older</a>` : ""}</nav>`;
  const [last, first] = [page.months[0]?.month ?? "", page.months.at(-1)?.month ?? ""];
  const span = last === first ? monthText(last) : `${monthText(first)} to ${monthText(last)}`;
  const content = html`<h1>History</h1><p class="muted">${span}</p>${page.months.map((month) => monthOf(month, model))}${ways}${page.newer ? "" : pastMaintenance(model)}`;
  return renderPage(model, { title: `History, ${span} · ${model.page.name}`, content });
}
