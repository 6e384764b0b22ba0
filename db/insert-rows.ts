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
 * Inserts rows, one statement with one parameter for all that give the same columns; the others have their defaults.
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
    await insertAlike(tx, table, givenBy(alike[0] ?? {}), alike);
  }
}
