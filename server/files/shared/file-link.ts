import { type FileType, imageTypes } from "./lists.ts";

const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const FILE_PATH = new RegExp(`^/api/v1/incidents/(${UUID})/files/(${UUID})$`);

/** A file's address, as links in notes and postmortems have it: without the origin, so that it survives a move of the server. */
export function filePath(incidentId: string, fileId: string): string {
  return `/api/v1/incidents/${incidentId}/files/${fileId}`;
}

/** Which file an address names, or null when it names none. Pure. */
export function fileOfPath(path: unknown): { incidentId: string; fileId: string } | null {
  const [, incidentId, fileId] = (typeof path === "string" && FILE_PATH.exec(path)) || [];
  return incidentId && fileId ? { incidentId, fileId } : null;
}

/** True for what a page may show as an image. */
export function isImage(type: FileType): boolean {
  return (imageTypes as readonly string[]).includes(type);
}

/** The Markdown that puts a file into a note: images are shown, others are a link. Pure. */
export function fileMarkdown(file: { name: string; type: FileType; url: string }): string {
  const name = file.name.replace(/[\\[\]`*_<>]/g, "\\$&");
  return `${isImage(file.type) ? "!" : ""}[${name}](${file.url})`;
}
