import { AppError } from "./errors.ts";
import { JSON_DEPTH_MAX } from "./well-formed.ts";

/** Keys in one JSON text: half a million of them hold the event loop for a third of a second. */
export const JSON_KEYS_MAX = 10_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPENERS = [0x7b, 0x5b];
const CLOSERS = [0x7d, 0x5d];

/** The first quote after `from` that ends a string; the end of the bytes without one. */
function endOfString(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    if (bytes[at] === BACKSLASH) at++;
    else if (bytes[at] === QUOTE) return at;
  }
  return bytes.length;
}

/** Walks JSON without building it. @throws AppError "invalid" when it is nested too deeply or has too many keys. */
export function scanJson(bytes: Uint8Array): void {
  let depth = 0;
  let keys = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) at = endOfString(bytes, at + 1);
    else if (OPENERS.includes(byte)) depth++;
    else if (CLOSERS.includes(byte)) depth--;
    else if (byte === COLON) keys++;
    if (depth > JSON_DEPTH_MAX)
      throw new AppError("invalid", `The JSON is nested deeper than ${JSON_DEPTH_MAX} levels.`);
    if (keys > JSON_KEYS_MAX) throw new AppError("invalid", `The JSON has more than ${JSON_KEYS_MAX} keys.`);
  }
}

/** A whole number that JavaScript cannot hold stays as it is written. */
function exact(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  return typeof value === "number" && !Number.isSafeInteger(value) && source && /^-?\d+$/.test(source) ? source : value;
}

/** Parses JSON after the scan; whole numbers above 2^53 become text; NULs and lone surrogates are left to `wellFormed`. @throws AppError "invalid" with the reason. */
export function parseJson(bytes: Uint8Array): unknown {
  scanJson(bytes);
  const text = new TextDecoder("utf-8").decode(bytes);
  try {
    // A reviver costs more than the parsing, so it looks only where such a number may be.
    return /\d{16}/.test(text)
      ? JSON.parse(text.replace(/^\uFEFF/, ""), exact)
      : JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new AppError(
      "invalid",
      `The body is not valid JSON: ${error instanceof Error ? error.message : "unreadable"}.`,
    );
  }
}
