import { eq, inArray, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { settings } from "#/db/schema/index.ts";
import type { Core } from "#/server/events/index.ts";
import { decrypt, encrypt } from "#/server/platform/crypto.ts";
import { messageOf } from "#/server/platform/errors.ts";

/** The rows of the table `settings` that this room owns. */
export const settingNames = [
  "organisation",
  "tellEmails",
  "statusPage",
  "statusPageKey",
  "slack",
  "smtp",
  "requiredRoles",
  "serviceOwners",
  "bounces",
  "tellSealed",
  "fallbackTell",
  "telling",
  "approval",
  "cadence",
] as const;
export type SettingName = (typeof settingNames)[number];
/** Settings too large to be read with the others. */
type LargeSettingName = "statusPageLogo";

const PURPOSE = "settings";
type Sealed = { sealed: string };

/** Every stored setting by its name; credentials still sealed. */
export async function storedSettings(q: Sql): Promise<Map<SettingName, unknown>> {
  const found = await q
    .select({ name: settings.name, value: settings.value })
    .from(settings)
    .where(inArray(settings.name, [...settingNames]));
  return new Map(found.map((row) => [row.name as SettingName, row.value]));
}

/** Writes one setting in the caller's transaction. */
export async function saveSetting(
  tx: Sql,
  name: SettingName | LargeSettingName,
  value: unknown,
  now: Date,
): Promise<void> {
  await tx
    .insert(settings)
    .values({ name, value, updatedAt: now })
    .onConflictDoUpdate({ target: settings.name, set: { value: sql`excluded.value`, updatedAt: now } });
}

/** One of the large settings; undefined when it is not set. */
export async function readLargeSetting(q: Sql, name: LargeSettingName): Promise<unknown> {
  const [row] = await q.select({ value: settings.value }).from(settings).where(eq(settings.name, name));
  return row?.value;
}

/** Takes one setting away in the caller's transaction. */
export async function dropSetting(tx: Sql, name: SettingName | LargeSettingName): Promise<void> {
  await tx.delete(settings).where(eq(settings.name, name));
}

/** Credentials as they are stored. */
export function seal(core: Pick<Core, "config">, value: unknown): Sealed {
  return { sealed: encrypt(core.config.authSecret, PURPOSE, JSON.stringify(value)) };
}

/** Undoes `seal`. What was sealed under another AUTH_SECRET counts as not set, and the log says so. */
export function unseal<T>(core: Pick<Core, "config" | "log">, name: SettingName, stored: unknown): T | null {
  if (stored === undefined || stored === null) return null;
  try {
    return JSON.parse(decrypt(core.config.authSecret, PURPOSE, (stored as Sealed).sealed)) as T;
  } catch (error) {
    core.log.warn({ setting: name, error: messageOf(error) }, "a stored credential cannot be read: set it again");
    return null;
  }
}
