import { eq } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { maintenanceUpdates } from "#/db/schema/index.ts";
import type { MaintenanceWord } from "./compose-maintenance.ts";
import type { DeliveryRow } from "./delivery-store.ts";

/** What a delivery tells of a maintenance: as it was when it was said, in the words that hold now. */
export async function readMaintenanceWord(q: Sql, { payload }: Pick<DeliveryRow, "payload">): Promise<MaintenanceWord> {
  const word = payload as MaintenanceWord;
  if (word.updateId === null) return word;
  const [update] = await q
    .select({ body: maintenanceUpdates.body })
    .from(maintenanceUpdates)
    .where(eq(maintenanceUpdates.id, word.updateId));
  return { ...word, body: update?.body ?? word.body };
}
