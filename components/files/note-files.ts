import type { FileView } from "#/server/files/contract.ts";
import { fileOfPath } from "#/server/files/shared/file-link.ts";

/** As high as an image gets in a note, in pixels; the whole one is behind it. */
const HEIGHT_MAX = 320;

/** The room an image takes is kept before it is here, so that nothing jumps when it comes. */
function keepRoom(image: HTMLImageElement, { width, height }: FileView): void {
  if (width === null || height === null) return;
  image.style.width = `${Math.max(1, Math.round(Math.min(width, (HEIGHT_MAX * width) / height)))}px`;
  image.style.aspectRatio = `auto ${width}/${height}`;
}

function sayRemoved(link: HTMLAnchorElement): void {
  const words = document.createElement("s");
  words.textContent = link.querySelector("img")?.alt ?? link.textContent;
  const shown = document.createElement("span");
  shown.append(words, " (removed)");
  link.replaceWith(shown);
}

/**
 * Adds to a rendered note what the room knows of its files: a removed one says so instead of leading nowhere, an image
 * keeps its place. Links into other incidents are left as they are. In the page's nodes, not in its HTML: what people
 * wrote stays text. Safe to repeat.
 */
export function showFiles(note: HTMLElement, incidentId: string, files: readonly FileView[]): void {
  for (const link of note.querySelectorAll("a")) {
    const named = fileOfPath(link.getAttribute("href"));
    if (named?.incidentId !== incidentId) continue;
    const file = files.find(({ id }) => id === named.fileId);
    const image = link.querySelector("img");
    if (!file) sayRemoved(link);
    else if (image) keepRoom(image, file);
  }
}
