import type { ComponentView } from "#/server/audience/contract.ts";
import type { BackendResult } from "#/server/backend.ts";
import type { MaintenanceOutlets } from "#/server/maintenance/contract.ts";
import { itemsOf, pageValue } from "../_shell/signed-in.ts";

type Get = <T>(path: string) => Promise<BackendResult<T>>;

/** What the form of a maintenance can choose from. */
export async function loadEditor(get: Get) {
  const [components, outlets] = await Promise.all([
    get<{ items: ComponentView[] }>("/api/v1/components"),
    get<MaintenanceOutlets>("/api/v1/maintenances/outlets"),
  ]);
  return { components: itemsOf(components), ...pageValue(outlets) };
}
