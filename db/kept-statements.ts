import type postgres from "postgres";

/** A text that came this often will come again: those of a list of any length, or of one page, rarely do. */
const OFTEN = 5;
/** Each connection keeps the statements parsed, some ten kilobytes each in the database. */
const KEPT_MAX = 250;
/** Texts that are counted; beyond it the rare ones are forgotten. */
const COUNTED_MAX = 1_000;

/** Which texts come often. Answers no for a new one, and for all new ones once so many are kept. */
export function oftenAsked(): (text: string) => boolean {
  const kept = new Set<string>();
  const counts = new Map<string, number>();
  return (text) => {
    if (kept.has(text)) return true;
    if (kept.size >= KEPT_MAX) return false;
    const count = (counts.get(text) ?? 0) + 1;
    if (count >= OFTEN) {
      counts.delete(text);
      kept.add(text);
      return true;
    }
    if (counts.size >= COUNTED_MAX) counts.clear();
    counts.set(text, count);
    return false;
  };
}

type Runner = { unsafe: postgres.Sql["unsafe"] };
type Options = { prepare?: boolean };

function keep<T extends Runner>(runner: T, isOften: (text: string) => boolean): T {
  const unsafe = runner.unsafe.bind(runner) as (text: string, parameters?: unknown[], options?: Options) => unknown;
  // The query builder says false of every statement; who says true means it.
  const keeping = (text: string, parameters: unknown[] = [], options: Options = {}) =>
    unsafe(text, parameters, { ...options, prepare: options.prepare || isOften(text) });
  return Object.assign(runner, { unsafe: keeping });
}

/**
 * Has each connection keep the statements that are asked often. The query builder's are otherwise parsed each time,
 * for which the database is asked twice.
 */
export function keepStatements(client: postgres.Sql): postgres.Sql {
  const isOften = oftenAsked();
  const begin = client.begin.bind(client) as (work: (tx: postgres.TransactionSql) => unknown) => Promise<unknown>;
  const keeping = (work: (tx: postgres.TransactionSql) => unknown) => begin((tx) => work(keep(tx, isOften)));
  return Object.assign(keep(client, isOften), { begin: keeping });
}
