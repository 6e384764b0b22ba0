/** The entries of the timeline that are on the page, in order; lists inside notes are not among them. */
function entries(): HTMLElement[] {
  const list = document.querySelector('section[aria-label="Timeline"] ol');
  return [...(list?.querySelectorAll<HTMLElement>(":scope > li") ?? [])];
}

/** Moves the focus to the next or the previous entry; from elsewhere to the newest. Only the one with focus is a stop of Tab. */
export function stepThroughTimeline(by: 1 | -1): void {
  const all = entries();
  const at = all.findIndex((entry) => entry.contains(document.activeElement));
  const next = at < 0 ? all.at(-1) : all[Math.min(Math.max(at + by, 0), all.length - 1)];
  if (!next) return;
  for (const entry of all) if (entry.tabIndex === 0) entry.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}
