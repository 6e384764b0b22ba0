import { getTableName, is, sql } from "drizzle-orm";
import { getTableConfig, PgTable } from "drizzle-orm/pg-core";
import { type Database, rows, type Sql } from "./client.ts";
import * as schema from "./schema/index.ts";

/** Changes when a reader of older files would misread newer ones. */
export const BACKUP_FORMAT = 1;
/** Rows read or written at once: a few megabytes at most. */
const BATCH_ROWS = 200;
/** The same where each row is a piece of a file, written as half a megabyte of hexadecimal digits. */
const BATCH_CHUNKS = 8;

type Row = Record<string, unknown>;
export type BackupLine =
  | { kind: "muster-backup"; format: number; migration: string; createdAt: string; authSecret: string | null }
  | { kind: "row"; table: string; row: Row }
  | { kind: "end"; rows: number };

const exported: unknown[] = Object.values(schema);
const tables = exported.filter((value): value is PgTable => is(value, PgTable));

function referencesOf(table: PgTable): string[] {
  return getTableConfig(table).foreignKeys.map((key) => getTableName(key.reference().foreignTable));
}

/** Tables so that each comes after those it refers to. */
function inOrder(): PgTable[] {
  const ordered: PgTable[] = [];
  const seen = new Set<string>();
  const visit = (table: PgTable) => {
    const name = getTableName(table);
    if (seen.has(name)) return;
    seen.add(name);
    for (const reference of referencesOf(table)) {
      const target = tables.find((candidate) => getTableName(candidate) === reference);
      if (target) visit(target);
    }
    ordered.push(table);
  };
  for (const table of tables) visit(table);
  return ordered;
}

function keyOf(table: PgTable): string {
  const config = getTableConfig(table);
  const columns = config.primaryKeys[0]?.columns ?? config.columns.filter((column) => column.primary);
  return columns.map((column) => `"${column.name}"`).join(", ");
}

function batchRows(table: PgTable): number {
  return table === schema.fileChunks ? BATCH_CHUNKS : BATCH_ROWS;
}

async function migrationOf(sqlHandle: Sql): Promise<string> {
  const [row] = await rows<{ hash: string }>(
    sqlHandle,
    sql`select hash from drizzle.__drizzle_migrations order by created_at desc limit 1`,
  );
  return row?.hash ?? "";
}

/**
 * The whole state, line by line: one consistent snapshot, independent of the engine.
 * The queue's own tables are left out: what waits is found again in the rows at the next start.
 */
export async function writeBackup(
  db: Database,
  head: { createdAt: Date; authSecret: string | null },
  write: (line: BackupLine) => Promise<void>,
): Promise<number> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`set transaction isolation level repeatable read`);
    await write({
      kind: "muster-backup",
      format: BACKUP_FORMAT,
      migration: await migrationOf(tx),
      createdAt: head.createdAt.toISOString(),
      authSecret: head.authSecret,
    });
    let count = 0;
    for (const table of inOrder()) {
      const name = getTableName(table);
      // A cursor goes through the table once; an offset would read all that lies before it again for each batch.
      await tx.execute(
        sql`declare backup_rows cursor for select row_to_json(t) as row from ${sql.identifier(name)} t order by ${sql.raw(keyOf(table))}`,
      );
      const size = batchRows(table);
      for (let got = size; got === size; ) {
        const batch = await rows<{ row: Row }>(tx, sql`fetch ${sql.raw(String(size))} from backup_rows`);
        for (const { row } of batch) await write({ kind: "row", table: name, row });
        got = batch.length;
        count += got;
      }
      await tx.execute(sql`close backup_rows`);
    }
    await write({ kind: "end", rows: count });
    return count;
  });
}

/** Rows of a table that refers to itself, so that each comes after the one it names. */
function parentsFirst(table: PgTable, list: Row[]): Row[] {
  const self = getTableConfig(table)
    .foreignKeys.map((key) => key.reference())
    .find((reference) => reference.foreignTable === table)?.columns[0]?.name;
  if (!self) return list;
  const done = new Set<unknown>();
  const ordered: Row[] = [];
  let waiting = list;
  while (waiting.length > 0) {
    const ready = waiting.filter((row) => row[self] === null || done.has(row[self]));
    if (ready.length === 0) return [...ordered, ...waiting];
    for (const row of ready) done.add(row.id);
    ordered.push(...ready);
    waiting = waiting.filter((row) => !ready.includes(row));
  }
  return ordered;
}

async function insert(tx: Sql, table: PgTable, list: Row[]): Promise<void> {
  const name = sql.identifier(getTableName(table));
  const ordered = parentsFirst(table, list);
  const size = batchRows(table);
  for (let at = 0; at < ordered.length; at += size) {
    const batch = JSON.stringify(ordered.slice(at, at + size));
    await tx.execute(
      sql`insert into ${name} select * from json_populate_recordset(null::${name}, ${batch}::text::json)`,
    );
  }
}

/** True while nothing has been stored but what a first start makes. */
export async function isEmptyDatabase(db: Database): Promise<boolean> {
  for (const table of [schema.users, schema.incidents, schema.integrations, schema.alerts]) {
    const found = await db.read.select({ one: sql`1` }).from(table).limit(1);
    if (found.length > 0) return false;
  }
  return true;
}

const UNREADABLE = "This file is not a backup that this version of Muster can read.";

async function requireReadable(tx: Sql, head: Extract<BackupLine, { kind: "muster-backup" }>): Promise<void> {
  if (head.format !== BACKUP_FORMAT) throw new Error(UNREADABLE);
  if ((await migrationOf(tx)) !== head.migration) {
    throw new Error("The backup is of another version of Muster: restore it with that version, then upgrade.");
  }
}

/** True for a table whose rows name each other: it is put in order as a whole. */
function isWhole(table: PgTable): boolean {
  return referencesOf(table).includes(getTableName(table));
}

/**
 * Brings a backup into an empty, migrated database, in one transaction: all of it or nothing.
 * Rows are written as they are read, so files do not have to fit into memory; each table comes after those it refers to.
 *
 * @throws Error when the file is of another version, or broken off.
 */
export async function readBackup(
  db: Database,
  lines: AsyncIterable<BackupLine>,
): Promise<{ rows: number; authSecret: string | null }> {
  return db.transaction(async (tx) => {
    const byName = new Map(tables.map((table) => [getTableName(table), table]));
    for (const table of [...inOrder()].reverse()) await tx.delete(table);
    let head: Extract<BackupLine, { kind: "muster-backup" }> | undefined;
    let end: number | undefined;
    let count = 0;
    let waiting: { table: PgTable; list: Row[] } | undefined;
    for await (const line of lines) {
      if (line.kind === "muster-backup") {
        head = line;
        await requireReadable(tx, head);
      } else if (line.kind === "end") end = line.rows;
      else {
        count++;
        const table = byName.get(line.table);
        if (!head || !table) break;
        const isFull = waiting && !isWhole(waiting.table) && waiting.list.length >= batchRows(waiting.table);
        if (waiting && (waiting.table !== table || isFull)) {
          await insert(tx, waiting.table, waiting.list);
          waiting = undefined;
        }
        waiting ??= { table, list: [] };
        waiting.list.push(line.row);
      }
    }
    if (!head) throw new Error(UNREADABLE);
    if (end !== count) throw new Error("The backup is not complete: its end is missing.");
    if (waiting) await insert(tx, waiting.table, waiting.list);
    return { rows: count, authSecret: head.authSecret };
  });
}
