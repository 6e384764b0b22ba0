import { customType, timestamp, uuid } from "drizzle-orm/pg-core";

/** An instant with milliseconds; always UTC outside the database. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: "date" });

/** A random row id; the outside sees it as an opaque string. */
export const id = () => uuid("id").primaryKey().defaultRandom();

/** Bytes as they came. */
export const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({
  dataType: () => "bytea",
  toDriver: (value) => Buffer.from(value.buffer, value.byteOffset, value.byteLength),
  fromDriver: (value) => new Uint8Array(value.buffer, value.byteOffset, value.byteLength),
});
