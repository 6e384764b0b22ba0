/** A note written in this browser whose row has not come back yet. */
export type PendingNote = { id: string; at: string };

/** Beyond this the oldest are forgotten: their text is in the shared document anyway. */
const PENDING_MAX = 50;

function keyOf(incidentId: string): string {
  return `muster:pending-notes:${incidentId}`;
}

function isPending(value: unknown): value is PendingNote {
  return typeof value === "object" && value !== null && "id" in value && "at" in value;
}

/** What was kept by an earlier page of this tab. Broken or forbidden storage holds nothing. */
export function readPending(incidentId: string): PendingNote[] {
  try {
    const parsed: unknown = JSON.parse(sessionStorage.getItem(keyOf(incidentId)) ?? "[]");
    return Array.isArray(parsed) ? parsed.filter(isPending) : [];
  } catch {
    return [];
  }
}

/** Keeps the list for a later page of this tab. */
export function keepPending(incidentId: string, notes: readonly PendingNote[]): void {
  try {
    sessionStorage.setItem(keyOf(incidentId), JSON.stringify(notes.slice(-PENDING_MAX)));
  } catch {
    // Without storage the notes are shown until the page is left.
  }
}

/** A UUID v4 in lower case; `crypto.randomUUID` is missing outside secure contexts. */
export function newNoteId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
