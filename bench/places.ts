import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";

/** Where the state of one run lies; gone after `close`. */
export type BenchPlace = {
  engine: "embedded" | "postgres";
  environment: Record<string, string>;
  close(): Promise<void>;
};

function embeddedPlace(): BenchPlace {
  const dataDir = mkdtempSync(join(tmpdir(), "muster-bench-"));
  return {
    engine: "embedded",
    environment: { DATA_DIR: dataDir },
    close: async () => rmSync(dataDir, { recursive: true, force: true }),
  };
}

async function postgresPlace(serverUrl: string): Promise<BenchPlace> {
  const { environment, close } = embeddedPlace();
  const admin = postgres(serverUrl, { max: 1, onnotice: () => {} });
  const name = `muster_bench_${randomBytes(6).toString("hex")}`;
  await admin.unsafe(`create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    engine: "postgres",
    environment: { ...environment, DATABASE_URL: url.href },
    async close() {
      await admin.unsafe(`drop database if exists ${name} with (force)`);
      await admin.end();
      await close();
    },
  };
}

/** An empty place on one engine. @throws Error without TEST_DATABASE_URL for PostgreSQL */
export async function makePlace(engine: BenchPlace["engine"]): Promise<BenchPlace> {
  if (engine === "embedded") return embeddedPlace();
  const serverUrl = process.env.TEST_DATABASE_URL;
  if (!serverUrl) throw new Error("PostgreSQL is named by TEST_DATABASE_URL.");
  return postgresPlace(serverUrl);
}

/** An empty place on each engine that there is: the embedded one, and PostgreSQL where TEST_DATABASE_URL names one. */
export async function makePlaces(): Promise<BenchPlace[]> {
  const serverUrl = process.env.TEST_DATABASE_URL;
  if (!serverUrl) process.stdout.write("  Without TEST_DATABASE_URL PostgreSQL is left out.\n");
  return [embeddedPlace(), ...(serverUrl ? [await postgresPlace(serverUrl)] : [])];
}
