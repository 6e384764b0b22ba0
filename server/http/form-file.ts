import { AppError } from "#/server/platform/errors.ts";

export type FormFile = { name: string; bytes: Uint8Array };

/** A form with one file has few other fields; more is not a form of ours. */
const PARTS_MAX = 20;
/** Disposition and type of one part, with a name at its limit in percent signs. */
const HEAD_BYTES_MAX = 8 * 1024;
const FIELD = "file";

function broken(detail: string): AppError {
  return new AppError("invalid", detail, { errors: [{ pointer: `/${FIELD}`, detail }] });
}

function boundaryOf(contentType: string): string {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^\s;,"]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain ?? "";
  if (boundary === "" || boundary.length > 70) throw broken("The form names no boundary of 1 to 70 characters.");
  return boundary;
}

/** A parameter of Content-Disposition, as browsers (`%22`) and curl (`\"`) escape it. */
function parameter(head: string, name: string): string | undefined {
  const match = new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;"]+))`, "i").exec(head);
  const value = match?.[1]?.replace(/\\(["\\])/g, "$1") ?? match?.[2];
  return value?.replace(/%(22|0D|0A)/gi, (code) => decodeURIComponent(code));
}

function extendedName(head: string): string | undefined {
  const [, encoded] = /;\s*filename\*=utf-8'[^']*'([^\s;]+)/i.exec(head) ?? [];
  try {
    return encoded === undefined ? undefined : decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

/** The file of one part, or null for a field without one and for one of another name. */
function fileIn(head: string, bytes: Uint8Array): FormFile | null {
  const [, disposition] = /^content-disposition:\s*form-data(;[^\r]*)/im.exec(head) ?? [];
  if (disposition === undefined || parameter(disposition, "name") !== FIELD) return null;
  const name = extendedName(disposition) ?? parameter(disposition, "filename");
  return name === undefined ? null : { name, bytes };
}

/** The parts between the delimiters: what each says of itself, and its bytes, which are not copied. */
function* partsOf(body: Buffer, boundary: string): Generator<{ head: string; bytes: Uint8Array }> {
  const delimiter = `--${boundary}`;
  let at = body.indexOf(delimiter);
  if (at !== 0 && (at < 2 || body.toString("latin1", at - 2, at) !== "\r\n")) throw broken("This is not a form.");
  for (let parts = 0; parts <= PARTS_MAX; parts++) {
    at += delimiter.length;
    if (body.toString("latin1", at, at + 2) === "--") return;
    const lineEnd = body.indexOf("\r\n", at);
    const headEnd = body.indexOf("\r\n\r\n", lineEnd);
    if (lineEnd === -1 || headEnd === -1) throw broken("The form breaks off. Send it again.");
    if (headEnd - at > HEAD_BYTES_MAX) throw broken("A part of the form says too much of itself.");
    const end = body.indexOf(`\r\n${delimiter}`, headEnd + 2);
    if (end === -1) throw broken("The form breaks off. Send it again.");
    const start = headEnd + 4;
    yield { head: body.toString("utf8", lineEnd + 2, headEnd), bytes: body.subarray(start, Math.max(start, end)) };
    at = end + 2;
  }
  throw broken(`A form here has at most ${PARTS_MAX} parts.`);
}

/**
 * The one file in the field `file` of a form (`multipart/form-data`, RFC 7578), without copying it: ten megabytes are
 * found in a millisecond, so nobody waits for somebody's upload. What the part says of its type is not looked at. Pure.
 *
 * @throws AppError "invalid" for a form that is broken, or has no file or several
 */
export function formFile(body: Uint8Array, contentType: string): FormFile {
  const buffer = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  let found: FormFile | null = null;
  for (const { head, bytes } of partsOf(buffer, boundaryOf(contentType))) {
    const file = fileIn(head, bytes);
    if (file && found) throw broken("Send one file at a time.");
    found ??= file;
  }
  if (!found) throw broken("Send one file in the field file.");
  return found;
}
