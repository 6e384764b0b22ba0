const KEY = "muster:recent-commands";
/** What a person uses again and again is less than this. */
const RECENT_MAX = 6;

/** The ids of the commands used last in this browser, newest first. */
export function recentCommands(): string[] {
  try {
    const parsed: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(parsed) ? parsed.filter((each) => typeof each === "string").slice(0, RECENT_MAX) : [];
  } catch {
    return [];
  }
}

/** Notes that a command was used. Without storage nothing is recent. */
export function noteUse(id: string): void {
  try {
    const others = recentCommands().filter((each) => each !== id);
    localStorage.setItem(KEY, JSON.stringify([id, ...others].slice(0, RECENT_MAX)));
  } catch {
    // Nothing is recent then.
  }
}
