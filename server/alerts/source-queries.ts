import { requireAbility } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import type { SourceView } from "./contract.ts";
import { sourceFile, sourceNames } from "./sources/index.ts";

/** Every kind of sender that can be connected, by name. */
export function listSources(ctx: Ctx): SourceView[] {
  requireAbility(ctx.actor, "integrations.read");
  const views = sourceNames.map((source) => {
    const file = sourceFile(source);
    return {
      source,
      name: file?.name ?? "Custom source: mapped by you",
      family: file?.family ?? "custom",
      homepage: file?.homepage ?? null,
      setup: file?.setup ?? null,
      snippet: file?.snippet ?? null,
      signed: file?.signature !== undefined,
    };
  });
  return views.sort((a, b) => a.name.localeCompare(b.name, "en"));
}
