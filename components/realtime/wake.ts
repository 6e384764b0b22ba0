/** A page that was out of sight this long may have slept through the end of its connections. */
const HIDDEN_MS = 10_000;
const TICK_MS = 10_000;
/** A timer that is this late means that the device slept; background pages run theirs once a minute. */
const LATE_MS = 75_000;

const listeners = new Set<() => void>();
let hiddenAt: number | null = null;
let tickedAt = 0;
let stopListening: (() => void) | null = null;

function wake(): void {
  for (const listener of [...listeners]) listener();
}

function onVisibility(): void {
  if (document.visibilityState === "hidden") {
    hiddenAt = Date.now();
    return;
  }
  const wasLong = hiddenAt !== null && Date.now() - hiddenAt >= HIDDEN_MS;
  hiddenAt = null;
  if (wasLong) wake();
}

function onTick(): void {
  const isLate = Math.abs(Date.now() - tickedAt - TICK_MS) > LATE_MS;
  tickedAt = Date.now();
  if (isLate) wake();
}

function listen(): () => void {
  tickedAt = Date.now();
  const timer = setInterval(onTick, TICK_MS);
  window.addEventListener("online", wake);
  document.addEventListener("visibilitychange", onVisibility);
  return () => {
    clearInterval(timer);
    window.removeEventListener("online", wake);
    document.removeEventListener("visibilitychange", onVisibility);
  };
}

/** Hears when the device is online again, when the page is looked at again after a while, and when it or its clock jumped. */
export function onWake(listener: () => void): () => void {
  listeners.add(listener);
  if (typeof window !== "undefined") stopListening ??= listen();
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    stopListening?.();
    stopListening = null;
  };
}
