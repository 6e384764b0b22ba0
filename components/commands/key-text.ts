import { MOD } from "./key-table.ts";
import { isMac } from "./use-keys.ts";

/** A key as this keyboard shows it: `Mod+K` is `⌘K` or `Ctrl+K`. Browser only. */
export function keyText(key: string): string {
  return isMac() ? key.replace(`${MOD}+`, "⌘") : key.replace(MOD, "Ctrl");
}
