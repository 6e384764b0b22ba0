import { AppError } from "./errors.ts";

/** An opaque cursor over the values that a list is sorted by. */
export function encodeCursor(values: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(values)).toString("base64url");
}

/** What a cursor's value is: a client may have written it, and the database takes no other. */
const kinds = {
  instant: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  id: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
  number: /^\d{1,9}$/,
  text: /^[^\0]*$/,
};
type Kind = keyof typeof kinds;

function isOf(kind: Kind, value: string): boolean {
  return kinds[kind].test(value) && (kind !== "instant" || !Number.isNaN(Date.parse(value)));
}

/** The values of a cursor of these kinds, or undefined without one. @throws AppError "invalid" */
export function decodeCursor(cursor: string | undefined, expected: readonly Kind[]): string[] | undefined {
  if (!cursor) return undefined;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    const values = Array.isArray(parsed) ? parsed.map(String) : [];
    if (values.length === expected.length && expected.every((kind, at) => isOf(kind, values[at] ?? ""))) return values;
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
