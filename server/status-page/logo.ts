import { afterCommit, type Sql } from "#/db/client.ts";
import { requireAbility } from "#/server/access/index.ts";
import { type Ctx, recordAudit } from "#/server/events/index.ts";
import { sniff } from "#/server/files/index.ts";
import { sha256 } from "#/server/platform/crypto.ts";
import { AppError } from "#/server/platform/errors.ts";
import { dropSetting, readLargeSetting, saveSetting } from "#/server/settings/index.ts";
import { LOGO_BYTES_MAX, LOGO_SIDE_MAX, type LogoType, logoTypes } from "#/server/settings/shared/lists.ts";
import type { LogoView } from "./contract.ts";

const SETTING = "statusPageLogo";
type Stored = { type: LogoType; width: number; height: number; base64: string };

/** The page's logo: what its bytes say it is, and its size in pixels. */
export type Logo = { type: LogoType; width: number; height: number; bytes: Buffer };

const endings: Record<LogoType, string> = {
  "image/png": "png",
  "image/jpeg": "jpg",
  "image/gif": "gif",
  "image/webp": "webp",
};

/** Where a logo lies; another picture has another path, so that caches never show the old one. Pure. */
export function logoPath({ type, bytes }: Pick<Logo, "type" | "bytes">): string {
  return `/status/logo.${sha256(bytes).slice(0, 12)}.${endings[type]}`;
}

function refuse(detail: string): never {
  throw new AppError("invalid", detail, { errors: [{ pointer: "/data", detail }] });
}

/** What an uploaded picture is, by its bytes alone. Pure. @throws AppError "invalid" */
export function readLogo(bytes: Buffer): Logo {
  if (bytes.length > LOGO_BYTES_MAX) refuse(`A logo has at most ${LOGO_BYTES_MAX / 1024} KiB.`);
  const { type, width, height } = sniff(bytes);
  const known = logoTypes.find((one) => one === type);
  if (!known) refuse("A logo is a PNG, JPEG, GIF or WebP image.");
  if (width === null || height === null) refuse("This image does not say how large it is: it may be damaged.");
  if (Math.max(width, height) > LOGO_SIDE_MAX) refuse(`A logo has at most ${LOGO_SIDE_MAX} pixels a side.`);
  return { type: known, width, height, bytes };
}

/** The stored logo, or null. */
export async function selectLogo(q: Sql): Promise<Logo | null> {
  const stored = (await readLargeSetting(q, SETTING)) as Stored | undefined;
  if (!stored) return null;
  const { base64, ...rest } = stored;
  return { ...rest, bytes: Buffer.from(base64, "base64") };
}

function present(logo: Logo): LogoView {
  return { path: logoPath(logo), width: logo.width, height: logo.height };
}

/** Where the logo lies, or null. @throws AppError "forbidden" */
export async function viewLogo(ctx: Ctx): Promise<LogoView | null> {
  requireAbility(ctx.actor, "settings.read");
  const logo = await selectLogo(ctx.db.read);
  return logo && present(logo);
}

async function record(tx: Sql, ctx: Ctx, detail: Record<string, unknown>): Promise<void> {
  await recordAudit(tx, ctx, { action: "settings.changed", objectKind: "settings", objectId: "status-page", detail });
  afterCommit(() => ctx.facts.emit("page"));
}

/**
 * Sets the page's logo. One transaction with its audit entry; safe to repeat.
 * @throws AppError "forbidden" | "invalid"
 */
export async function setLogo(ctx: Ctx, base64: string): Promise<LogoView> {
  requireAbility(ctx.actor, "settings.write");
  const logo = readLogo(Buffer.from(base64, "base64"));
  const { type, width, height, bytes } = logo;
  await ctx.db.transaction(async (tx) => {
    const stored: Stored = { type, width, height, base64: bytes.toString("base64") };
    await saveSetting(tx, SETTING, stored, ctx.now());
    await record(tx, ctx, { logo: "changed", type, bytes: bytes.length });
  });
  return present(logo);
}

/** Takes the logo off the page. One transaction with its audit entry; safe to repeat. @throws AppError "forbidden" */
export async function removeLogo(ctx: Ctx): Promise<void> {
  requireAbility(ctx.actor, "settings.write");
  await ctx.db.transaction(async (tx) => {
    await dropSetting(tx, SETTING);
    await record(tx, ctx, { logo: "removed" });
  });
}
