/** Screenshots, logs and dumps of a minute; what is larger belongs into a store of its own, and its link into a note. */
export const FILE_BYTES_MAX = 10 * 1024 * 1024;
/** The longest name that file systems know. */
export const FILE_NAME_LENGTH_MAX = 255;
/** More than this is an archive, not the evidence of one incident; all of them are in the room's first answer. */
export const FILES_PER_INCIDENT_MAX = 200;
/** All files of an incident together: they are in every backup. */
export const FILES_BYTES_PER_INCIDENT_MAX = 200 * 1024 * 1024;
/** What one person may upload at once after a pause: a folder of screenshots. */
export const UPLOAD_BURST = 40;
/** And on and on. */
export const UPLOADS_PER_SECOND = 0.5;
/** One piece of a file as it lies in the database: so much of it is in memory while it is sent. */
export const FILE_CHUNK_BYTES = 256 * 1024;

/** Images that a page shows; every other file is read as plain text or downloaded. */
export const imageTypes = ["image/png", "image/jpeg", "image/gif", "image/webp"] as const;
/** Everything that the bytes of a file can say it is. */
export const fileTypes = [
  ...imageTypes,
  "text/plain",
  "text/html",
  "image/svg+xml",
  "application/xml",
  "application/pdf",
  "application/zip",
  "application/gzip",
  "application/octet-stream",
] as const;
export type FileType = (typeof fileTypes)[number];
