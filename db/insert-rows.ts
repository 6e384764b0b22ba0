import { getTableColumns, type SQL, sql } from "drizzle-orm";
import type { PgColumn, PgTable } from "drizzle-orm/pg-core";
import type { Sql } from "./client.ts";

type Row = Record<string, unknown>;

/** Half of a surrogate pair, as `JSON.stringify` writes it; PostgreSQL takes none. */
const LONE_SURROGATE = /\\ud[89a-f]/;

function jsonOf(rows: readonly Row[]): string {
  const json = JSON.stringify(rows);
  if (!LONE_SURROGATE.test(json)) return json;
  return JSON.stringify(rows, (_, value: unknown) => (typeof value === "string" ? value.toWellFormed() : value));
}

function stored(value: unknown): unknown {
  if (!(value instanceof Uint8Array)) return value;
  return `\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex")}`;
}

/** Bytes of one statement's rows: each is held several times on its way into the database. */
const BYTES_AT_ONCE = 4 * 1024 * 1024;

function bytesOf(row: Row): number {
  const sizes = Object.values(row).map((value) => (value instanceof Uint8Array ? value.byteLength : 0));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** The same rows in their order, in runs of so many bytes at most; one row may have more. */
function* inRuns(rows: readonly Row[]): Generator<Row[]> {
  let run: Row[] = [];
  let bytes = 0;
  for (const row of rows) {
    const more = bytesOf(row);
    if (run.length > 0 && bytes + more > BYTES_AT_ONCE) {
      yield run;
      run = [];
      bytes = 0;
    }
    run.push(row);
    bytes += more;
  }
  if (run.length > 0) yield run;
}

async function insertAlike(tx: Sql, table: PgTable, columns: readonly (readonly [string, string])[], rows: Row[]) {
  const records = rows.map((row) => Object.fromEntries(columns.map(([key, name]) => [name, stored(row[key])])));
  const names: SQL = sql.join(
    columns.map(([, name]) => sql.identifier(name)),
    sql`, `,
  );
  await tx.execute(
    sql`insert into ${table} (${names}) select ${names} from json_populate_recordset(null::${table}, ${jsonOf(records)}::text::json)`,
  );
}

/**
 * Inserts rows, one statement with one parameter for those that give the same columns, a few megabytes at once; the
 * other columns have their defaults.
 * The query builder's has a parameter for each value, which in a storm costs more than the rows.
 */
export async function insertRows<T extends PgTable>(
  tx: Sql,
  table: T,
  rows: readonly T["$inferInsert"][],
): Promise<void> {
  const columns = Object.entries(getTableColumns(table) as Record<string, PgColumn>);
  const givenBy = (row: Row) =>
    columns.filter(([key]) => row[key] !== undefined).map(([key, { name }]) => [key, name] as const);
  for (const alike of Map.groupBy(rows as readonly Row[], (row) => String(givenBy(row))).values()) {
    for (const run of inRuns(alike)) await insertAlike(tx, table, givenBy(alike[0] ?? {}), run);
  }
}
