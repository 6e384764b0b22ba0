import { AppError } from "#/server/platform/errors.ts";
import {
  FILE_BYTES_MAX,
  FILE_NAME_LENGTH_MAX,
  FILES_BYTES_PER_INCIDENT_MAX,
  FILES_PER_INCIDENT_MAX,
} from "./shared/lists.ts";

const MIB = 1024 * 1024;
/** Control characters, and those that turn the direction of text: `gpj.exe` must not read as `exe.jpg`. */
const HIDDEN = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** A sender's name for a file, without its folders and what cannot be seen. Pure. @throws AppError "invalid" when it is too long */
export function fileName(given: string): string {
  const last = given.toWellFormed().normalize().split(/[/\\]/).at(-1) ?? "";
  const name = last.replace(HIDDEN, "").trim();
  if (name.length > FILE_NAME_LENGTH_MAX) {
    const detail = `A file's name has at most ${FILE_NAME_LENGTH_MAX} characters.`;
    throw new AppError("invalid", detail, { errors: [{ pointer: "/file", detail }] });
  }
  return name === "" || name === "." || name === ".." ? "file" : name;
}

/** @throws AppError "invalid" for an empty file, "too_large" beyond the limit. Pure. */
export function requireFileSize(bytes: number): void {
  if (bytes === 0) {
    throw new AppError("invalid", "The file is empty.", {
      errors: [{ pointer: "/file", detail: "The file is empty." }],
    });
  }
  if (bytes > FILE_BYTES_MAX) throw new AppError("too_large", `A file has at most ${FILE_BYTES_MAX / MIB} MiB.`);
}

/** @throws AppError "conflict" when an incident has no room for one more file of this size. Pure. */
export function requireRoomFor(bytes: number, existing: { count: number; bytes: number }): void {
  if (existing.count >= FILES_PER_INCIDENT_MAX) {
    throw new AppError("conflict", `An incident has at most ${FILES_PER_INCIDENT_MAX} files. Remove one first.`);
  }
  if (existing.bytes + bytes > FILES_BYTES_PER_INCIDENT_MAX) {
    const max = FILES_BYTES_PER_INCIDENT_MAX / MIB;
    throw new AppError("conflict", `The files of an incident have at most ${max} MiB together. Remove one first.`);
  }
}
