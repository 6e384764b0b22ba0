import { html, raw } from "hono/html";
import type { ComponentStatus } from "#/server/audience/shared/lists.ts";
import { componentStatusWords } from "#/server/updates/shared/words.ts";
import { type UptimeDay, uptimeOf, uptimeText } from "../uptime.ts";
import { dayText, durationText } from "./dates.ts";
import type { Html } from "./layout.ts";

const HEIGHT = 28;
/** How high a day stands: the worse, the lower, so that states are told apart without colour. */
export const BAR_HEIGHTS: Record<ComponentStatus | "unknown", number> = {
  operational: HEIGHT,
  under_maintenance: 23,
  degraded_performance: 18,
  partial_outage: 13,
  major_outage: 8,
  unknown: 3,
};
const classes: Record<ComponentStatus | "unknown", string> = {
  operational: "b0",
  under_maintenance: "b1",
  degraded_performance: "b2",
  partial_outage: "b3",
  major_outage: "b4",
  unknown: "b5",
};

/** What the style says of the bars: one line of dashes is a run of days. */
export const BARS_STYLE = `.bars path{fill:none;stroke-dasharray:.76 .24}${Object.entries(classes)
  .map(([state, name]) => `.${name}{stroke-width:${BAR_HEIGHTS[state as ComponentStatus]}}`)
  .join("")}
.b0{stroke:var(--ok);opacity:.8}.b1{stroke:var(--info)}.b2,.b3{stroke:var(--warn)}.b4{stroke:var(--bad)}.b5{stroke:var(--edge)}
`;

/** Days of one state after each other, as parts of one path. */
function runsOf(days: readonly UptimeDay[], state: ComponentStatus | null): string {
  const y = HEIGHT - BAR_HEIGHTS[state ?? "unknown"] / 2;
  let path = "";
  for (let at = 0; at < days.length; at += 1) {
    if (days[at]?.worst !== state) continue;
    const start = at;
    while (days[at + 1]?.worst === state) at += 1;
    path += `M${start} ${y}h${at - start + 1}`;
  }
  return path && `<path class="${classes[state ?? "unknown"]}" d="${path}"/>`;
}

function badDay(day: UptimeDay, at: number): string {
  if (day.worst === null || day.worst === "operational") return "";
  const y = HEIGHT - BAR_HEIGHTS[day.worst] / 2;
  const title = `${dayText(day.day)}: ${componentStatusWords[day.worst].toLowerCase()}, ${durationText(day.affectedMs)}`;
  return `<path class="${classes[day.worst]}" d="M${at} ${y}h1"><title>${title}</title></path>`;
}

function labelOf(days: readonly UptimeDay[], uptime: string): string {
  const bad = days.filter((day) => day.worst !== null && day.worst !== "operational").length;
  const problems = bad === 0 ? "no day with problems" : `${bad} ${bad === 1 ? "day" : "days"} with problems`;
  return `The last ${days.length} days: ${uptime}${problems}`;
}

/** A component's days as bars, today last, with its uptime below. A phone shows the last third. */
export function barsOf(days: readonly UptimeDay[]): Html {
  const uptime = uptimeOf(days);
  const text = uptime === null ? "" : `${uptimeText(uptime)} uptime`;
  const paths = `${runsOf(days, null)}${runsOf(days, "operational")}${days.map(badDay).join("")}`;
  return html`<div class="bars"><svg viewBox="0 0 ${days.length} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${labelOf(days, text && `${text}, `)}">${raw(paths)}</svg></div><div class="scale"><span><span class="l">${days.length} days ago</span><span class="m">${days.length / 3} days ago</span></span><span>${text && `${text} in ${days.length} days`}</span><span>Today</span></div>`;
}
