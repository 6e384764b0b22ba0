/** Deeper JSON is refused at the door, so recursion here is bounded. */
export const JSON_DEPTH_MAX = 64;

/** Text that PostgreSQL can store: no NUL, no lone surrogate; what was one becomes U+FFFD. */
export function wellFormedText(text: string): string {
  return text.toWellFormed().replaceAll("\u0000", "\uFFFD");
}

/** The same for every key and string inside a JSON value; the result has no prototype keys. */
export function wellFormed(value: unknown): unknown {
  if (typeof value === "string") return wellFormedText(value);
  if (Array.isArray(value)) return value.map(wellFormed);
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => key !== "__proto__")
        .map(([key, inner]) => [wellFormedText(key), wellFormed(inner)]),
    );
  }
  return value;
}
