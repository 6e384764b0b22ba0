function keyOf(incidentId: string): string {
  return `muster:note-draft:${incidentId}`;
}

/** What was typed into the note field and not added; empty when nothing was kept. */
export function readDraft(incidentId: string): string {
  try {
    return localStorage.getItem(keyOf(incidentId)) ?? "";
  } catch {
    return "";
  }
}

/** Keeps what is typed on this device until it is added. */
export function writeDraft(incidentId: string, text: string): void {
  try {
    if (text) localStorage.setItem(keyOf(incidentId), text);
    else localStorage.removeItem(keyOf(incidentId));
  } catch {
    // Without storage the draft lives as long as the page.
  }
}
