import type { FileView } from "#/server/files/contract.ts";
import { fileMarkdown } from "#/server/files/shared/file-link.ts";

/** Text of this size and more is a log, not a sentence: it becomes a file, and the note shows how it begins. */
export const PASTED_TEXT_BYTES_MAX = 8 * 1024;
/** How much of a pasted log the note shows. */
const EXCERPT_LINES = 12;
const EXCERPT_LENGTH = 1_200;

const utf8 = new TextEncoder();

export function bytesOf(text: string): number {
  return utf8.encode(text).length;
}

/** True for pasted text that should become a file. */
export function isLog(text: string): boolean {
  return text.length > PASTED_TEXT_BYTES_MAX / 3 && bytesOf(text) > PASTED_TEXT_BYTES_MAX;
}

/** `2026-11-21 10.02.03`, which every file system takes. */
function stamp(at: Date): string {
  return at.toISOString().slice(0, 19).replace("T", " ").replaceAll(":", ".");
}

/** Pasted text as a file. */
export function logFile(text: string, at: Date): File {
  return new File([text], `pasted ${stamp(at)}.log`, { type: "text/plain" });
}

/** A screenshot from the clipboard is always called `image.png`; several of them want names of their own. */
export function namedScreenshot(file: File, at: Date): File {
  if (!/^image\.\w+$/.test(file.name)) return file;
  return new File([file], file.name.replace("image", `screenshot ${stamp(at)}`), { type: file.type });
}

/** What a pasted log leaves in the note: its first lines in a fence that they cannot close, and the way to all of it. Pure. */
export function logMarkdown(text: string, file: Pick<FileView, "name" | "type" | "url">): string {
  const lines = text.trimEnd().split(/\r?\n/);
  const start = lines.slice(0, EXCERPT_LINES).join("\n").slice(0, EXCERPT_LENGTH).toWellFormed();
  const longest = Math.max(2, ...[...start.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const size = `${lines.length.toLocaleString("en-GB")} ${lines.length === 1 ? "line" : "lines"}`;
  return `${fence}\n${start}\n${fence}\n${fileMarkdown(file)} (${size})`;
}

/** A block of Markdown between what stands before and behind it: on lines of its own. Pure. */
export function onOwnLines(before: string, block: string, after: string): string {
  const start = before === "" || before.endsWith("\n") ? "" : "\n";
  const end = after.startsWith("\n") ? "" : "\n";
  return `${start}${block}${end}`;
}

type Transfer = Pick<DataTransfer, "files" | "getData" | "types">;

/**
 * The files of something pasted or dropped. Office programs and browsers add a picture to copied text, whose text is
 * what was meant: it is left alone.
 */
export function filesOf(transfer: Transfer): File[] {
  const isText = transfer.types.includes("text/html") && transfer.getData("text/plain").trim() !== "";
  return isText ? [] : [...transfer.files];
}
