import type { FocusEvent, KeyboardEvent } from "react";

const ROW = "li[data-entry]";

function rowsIn(box: Element): HTMLElement[] {
  return [...box.querySelectorAll<HTMLElement>(ROW)];
}

/** One row of the list is on the way of the Tab key, with its buttons; the others are reached by arrows. */
export function followFocus(event: FocusEvent<HTMLElement>): void {
  const row = event.target instanceof Element ? event.target.closest<HTMLElement>(ROW) : null;
  if (!row) return;
  for (const other of event.currentTarget.querySelectorAll<HTMLElement>(`${ROW}[data-current]`)) {
    if (other === row) continue;
    delete other.dataset.current;
    other.tabIndex = -1;
    for (const button of other.querySelectorAll<HTMLElement>("[data-act]")) button.tabIndex = -1;
  }
  row.dataset.current = "";
  row.tabIndex = 0;
  for (const button of row.querySelectorAll<HTMLElement>("[data-act]")) button.tabIndex = 0;
}

/** Up, Down, Home and End go from entry to entry; Enter opens a note. */
export function pressOnRow(event: KeyboardEvent<HTMLElement>): void {
  const row = event.target;
  if (!(row instanceof HTMLElement) || !row.matches(ROW) || event.ctrlKey || event.metaKey || event.altKey) return;
  const rows = rowsIn(event.currentTarget);
  const at = rows.indexOf(row);
  const goTo: Record<string, number> = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: rows.length - 1 };
  const next = goTo[event.key];
  if (next !== undefined) {
    event.preventDefault();
    const target = rows[Math.min(Math.max(next, 0), rows.length - 1)];
    target?.focus({ preventScroll: true });
    target?.scrollIntoView({ block: "nearest" });
  } else if (event.key === "Enter") {
    event.preventDefault();
    row.querySelector<HTMLElement>("[data-act=edit]")?.click();
  }
}
