/** Moves the focus to the next or the previous entry of the timeline; from elsewhere to the newest. */
export function stepThroughTimeline(by: 1 | -1): void {
  const all = [...document.querySelectorAll<HTMLElement>('section[aria-label="Timeline"] li[data-entry]')];
  const at = all.findIndex((entry) => entry.contains(document.activeElement));
  const next = at < 0 ? all.at(-1) : all[Math.min(Math.max(at + by, 0), all.length - 1)];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
}
