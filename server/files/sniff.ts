import { imageSize } from "./image-size.ts";
import { type FileType, imageTypes } from "./shared/lists.ts";

export type Sniffed = { type: FileType; width: number | null; height: number | null };

/** How files of a kind begin. */
const starts: readonly (readonly [FileType, readonly number[]])[] = [
  ["image/png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ["image/jpeg", [0xff, 0xd8, 0xff]],
  ["image/gif", [0x47, 0x49, 0x46, 0x38, 0x37, 0x61]],
  ["image/gif", [0x47, 0x49, 0x46, 0x38, 0x39, 0x61]],
  ["application/pdf", [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ["application/zip", [0x50, 0x4b, 0x03, 0x04]],
  ["application/gzip", [0x1f, 0x8b]],
];
/** Markup shows itself at its start; what comes after this much space or comment is a log that quotes it. */
const MARKUP_LOOKED_AT = 4_096;

function beginsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, at) => bytes[at] === byte);
}

function isWebp(bytes: Uint8Array): boolean {
  const ascii = (from: number) => String.fromCharCode(...bytes.subarray(from, from + 4));
  return ascii(0) === "RIFF" && ascii(8) === "WEBP";
}

/** Control characters that no text has; tabs, line ends, form feeds, backspaces and the escapes of coloured logs are fine. */
function hasBinary(bytes: Uint8Array): boolean {
  // A loop of its own: a callback for each of ten million bytes would hold the server up.
  for (const byte of bytes) {
    if (byte < 0x20 && (byte < 0x08 || byte === 0x0b || (byte > 0x0d && byte !== 0x1b))) return true;
  }
  return false;
}

function markupOf(bytes: Uint8Array): FileType | null {
  const head = new TextDecoder().decode(bytes.subarray(0, MARKUP_LOOKED_AT)).trimStart().toLowerCase();
  if (!/^<[a-z!?]/.test(head)) return null;
  if (head.includes("<svg")) return "image/svg+xml";
  return /^<\?xml/.test(head) && !/<html|<!doctype html/.test(head) ? "application/xml" : "text/html";
}

function typeOf(bytes: Uint8Array): FileType {
  const known = starts.find(([, start]) => beginsWith(bytes, start));
  if (known) return known[0];
  if (isWebp(bytes)) return "image/webp";
  if (hasBinary(bytes)) return "application/octet-stream";
  return markupOf(bytes) ?? "text/plain";
}

/** What a file is, by its bytes alone. Text of every kind (logs, JSON, CSV) is `text/plain`. Pure. */
export function sniff(bytes: Uint8Array): Sniffed {
  const type = typeOf(bytes);
  const isImage = (imageTypes as readonly string[]).includes(type);
  const size = isImage ? imageSize(type, bytes) : null;
  return { type, width: size?.width ?? null, height: size?.height ?? null };
}
