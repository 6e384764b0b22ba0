export type PageQuery = Promise<Record<string, string | string[] | undefined>>;

/** The named filters of an address, each the first of its values; absent ones are empty. */
export async function filtersFrom<K extends string>(query: PageQuery, names: readonly K[]): Promise<Record<K, string>> {
  const given = await query;
  const first = (name: K) => {
    const value = given[name];
    return (Array.isArray(value) ? value[0] : value)?.trim() ?? "";
  };
  return Object.fromEntries(names.map((name) => [name, first(name)])) as Record<K, string>;
}

/** A path of the API with those of its filters that are set. */
export function pathWith(path: string, filters: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(Object.entries(filters).filter(([, value]) => value));
  return query.size > 0 ? `${path}?${query}` : path;
}
