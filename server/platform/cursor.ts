import { AppError } from "./errors.ts";

/** An opaque cursor over the values that a list is sorted by. */
export function encodeCursor(values: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(values)).toString("base64url");
}

/** The values of a cursor of `length` parts, or undefined without one. @throws AppError "invalid" */
export function decodeCursor(cursor: string | undefined, length: number): string[] | undefined {
  if (!cursor) return undefined;
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    if (Array.isArray(values) && values.length === length) return values.map(String);
  } catch {
    // Falls through to the same answer as a cursor of another list.
  }
  throw new AppError("invalid", "The cursor is not one that this list gave.", {
    errors: [{ pointer: "/cursor", detail: "not a cursor of this list" }],
  });
}

/** Turns `limit + 1` rows into a page and the cursor of the next one. */
export function pageOf<T>(
  found: readonly T[],
  limit: number,
  key: (last: T) => readonly (string | number)[],
): { items: T[]; nextCursor: string | null } {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: found.length > limit && last !== undefined ? encodeCursor(key(last)) : null };
}

/** A text as an ILIKE pattern that finds it anywhere. */
export function containsPattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, (char) => `\\${char}`)}%`;
}
