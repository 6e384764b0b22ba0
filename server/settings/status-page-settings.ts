import type { Sql } from "#/db/client.ts";
import type { Core, Ctx } from "#/server/events/index.ts";
import type { Config } from "#/server/platform/config.ts";
import { randomToken } from "#/server/platform/crypto.ts";
import { AppError } from "#/server/platform/errors.ts";
import type { ChangeSettingsInput, Settings, SettingsView } from "./contract.ts";
import { dropSetting, type SettingName, saveSetting, seal, unseal } from "./store.ts";

type StatusPage = Settings["statusPage"];
type Stored = ReadonlyMap<SettingName, unknown>;

/** 192 bits: nobody guesses it. */
const LINK_KEY_BYTES = 24;

/** The settings of the status page that apply now. */
export function statusPageOf(core: Pick<Core, "config" | "log">, stored: Stored, organisation: string): StatusPage {
  const page = stored.get("statusPage") as Partial<StatusPage> | undefined;
  const access = page?.access ?? "public";
  return {
    name: page?.name ?? `${organisation} status`,
    url: page?.url ?? null,
    access,
    color: page?.color ?? null,
    linkKey: access === "link" ? unseal<string>(core, "statusPageKey", stored.get("statusPageKey")) : null,
  };
}

/** The origin of the public site: the status page's own, where there is one. */
export function publicBase(settings: Pick<Settings, "statusPage">, config: Pick<Config, "publicUrl">): string {
  const url = settings.statusPage.url ?? config.publicUrl;
  return url.replace(/\/+$/, "").replace(/\/status$/, "");
}

/** What an address of a page that is read by its link ends with; nothing for any other. Pure. */
function keyQuery({ access, linkKey }: Pick<StatusPage, "access" | "linkKey">): string {
  return access === "link" ? `?key=${linkKey ?? ""}` : "";
}

/** The whole address of a path of the status page, as its readers open it. Pure. */
export function publicPageUrl(
  settings: Pick<Settings, "statusPage">,
  config: Pick<Config, "publicUrl">,
  path: string,
): string {
  return `${publicBase(settings, config)}${path}${keyQuery(settings.statusPage)}`;
}

/** The status page's settings for an administrator. Pure. */
export function presentStatusPage(page: StatusPage, config: Pick<Config, "publicUrl">): SettingsView["statusPage"] {
  const { linkKey, ...open } = page;
  return { ...open, link: linkKey && publicPageUrl({ statusPage: page }, config, "/status") };
}

/**
 * Writes what changes of the status page, in the caller's transaction. A page that becomes one that is read by its
 * link gets a new link; one that is not any more loses it.
 * @throws AppError "invalid" when a link is asked for a page that has none
 */
export async function saveStatusPage(
  tx: Sql,
  ctx: Ctx,
  stored: Stored,
  { newLink, ...change }: NonNullable<ChangeSettingsInput["statusPage"]>,
): Promise<void> {
  const before = stored.get("statusPage") as Partial<StatusPage> | undefined;
  const after = { ...before, ...change };
  if (newLink && after.access !== "link") {
    const detail = "Only a page that is read by its link has one.";
    throw new AppError("invalid", detail, { errors: [{ pointer: "/statusPage/newLink", detail }] });
  }
  await saveSetting(tx, "statusPage", after, ctx.now());
  if (after.access !== "link") await dropSetting(tx, "statusPageKey");
  else if (newLink || !stored.has("statusPageKey")) {
    await saveSetting(tx, "statusPageKey", seal(ctx, randomToken(LINK_KEY_BYTES)), ctx.now());
  }
}
