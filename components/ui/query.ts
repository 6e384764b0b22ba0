/** Filters of a list as its address carries them: one value, or several of one name. */
export type Filters = Readonly<Record<string, string | readonly string[]>>;

/** A path with those of its filters that are set. Pure. */
export function pathWith(path: string, filters: Filters): string {
  const pairs = Object.entries(filters).flatMap(([name, given]) =>
    (typeof given === "string" ? [given] : given).filter(Boolean).map((value) => [name, value]),
  );
  return pairs.length > 0 ? `${path}?${new URLSearchParams(pairs)}` : path;
}
