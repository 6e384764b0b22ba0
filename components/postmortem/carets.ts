import { personColour } from "#/components/ui/person-colours.ts";

/** Who writes, as the server stamps it on each cursor. */
export type CaretUser = { userId?: string; name?: string };

function toneOf(user: CaretUser): string {
  return `var(--p${personColour(user.userId ?? user.name ?? "")})`;
}

/** Another person's caret: a line in their colour, with their name. */
export function renderCaret(user: CaretUser): HTMLElement {
  const caret = document.createElement("span");
  caret.className = "postmortem-caret";
  caret.style.setProperty("--person", toneOf(user));
  const label = document.createElement("span");
  label.className = "postmortem-caret-name";
  label.textContent = user.name ?? "Somebody";
  caret.append(label);
  return caret;
}

/** Another person's selection, in their colour. */
export function renderSelection(user: CaretUser) {
  return { nodeName: "span", class: "postmortem-selection", style: `--person: ${toneOf(user)}` };
}
