export { pathWith } from "#/components/ui/query.ts";

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

/** All values of the named filters of an address, each once. */
export async function allFrom<K extends string>(query: PageQuery, names: readonly K[]): Promise<Record<K, string[]>> {
  const given = await query;
  const all = (name: K) => [...new Set([given[name] ?? []].flat().map((value) => value.trim()))].filter(Boolean);
  return Object.fromEntries(names.map((name) => [name, all(name)])) as Record<K, string[]>;
}
