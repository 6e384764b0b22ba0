import { sql } from "drizzle-orm";
import { afterCommit, rows, type Sql } from "#/db/client.ts";
import { requireAbility } from "#/server/access/index.ts";
import { type Ctx, recordAudit } from "#/server/events/index.ts";
import { readTellLines, sealTellList } from "#/server/notify/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { wellFormed } from "#/server/platform/well-formed.ts";
import type { ChangeSettingsInput, SettingsView } from "./contract.ts";
import { presentSettings, readSettings } from "./read-settings.ts";
import { saveStatusPage } from "./status-page-settings.ts";
import { dropSetting, saveSetting, seal, storedSettings } from "./store.ts";
import { cadenceOf, mergedApproval } from "./update-rules.ts";

/** "Somebody changes the settings", as an advisory lock: two changes at once take turns. */
const SETTINGS_LOCK = 7_268_112;

function refuseWhatEnvironmentDecides(ctx: Ctx, input: ChangeSettingsInput): void {
  if (input.slack && ctx.config.slack) {
    throw new AppError("conflict", "Slack is set by SLACK_BOT_TOKEN in the server's environment, which wins.");
  }
  if (input.smtp && ctx.config.smtpUrl) {
    throw new AppError("conflict", "Mail is set by SMTP_URL in the server's environment, which wins.");
  }
}

async function saveCredentials(tx: Sql, ctx: Ctx, input: ChangeSettingsInput): Promise<void> {
  if (input.slack === null) await dropSetting(tx, "slack");
  if (input.slack) {
    const { signingSecret, ...rest } = input.slack;
    await saveSetting(tx, "slack", seal(ctx, { ...rest, ...(signingSecret && { signingSecret }) }), ctx.now());
  }
  if (input.smtp === null) await dropSetting(tx, "smtp");
  if (input.smtp) await saveSetting(tx, "smtp", seal(ctx, input.smtp), ctx.now());
}

async function saveTellLists(tx: Sql, ctx: Ctx, { tell, fallbackTell }: ChangeSettingsInput): Promise<void> {
  if (!tell && !fallbackTell) return;
  const kept = await readSettings(tx, ctx);
  const { authSecret } = ctx.config;
  if (tell) {
    const list = sealTellList(authSecret, readTellLines(tell, kept.tell, "tell"));
    await saveSetting(tx, "tellEmails", list.emails, ctx.now());
    if (list.sealed) await saveSetting(tx, "tellSealed", list.sealed, ctx.now());
    else await dropSetting(tx, "tellSealed");
  }
  if (fallbackTell) {
    const list = sealTellList(authSecret, readTellLines(fallbackTell, kept.fallbackTell, "fallbackTell"));
    await saveSetting(tx, "fallbackTell", list, ctx.now());
  }
}

/** What the audit log keeps: the names of changed fields, and the values of those that are no secret. */
function auditDetail(input: ChangeSettingsInput): Record<string, unknown> {
  const { slack, smtp, tell, fallbackTell, ...open } = input;
  return {
    ...open,
    ...(tell && { tell: "changed" }),
    ...(fallbackTell && { fallbackTell: "changed" }),
    ...(slack !== undefined && { slack: slack === null ? "removed" : { channel: slack.channel } }),
    ...(smtp !== undefined && { smtp: smtp === null ? "removed" : { mailFrom: smtp.mailFrom } }),
  };
}

/**
 * Changes the organisation's settings; what is left out stays.
 *
 * One transaction with its audit entry. Safe to repeat. Credentials are stored encrypted and never sent back.
 *
 * @throws AppError "forbidden" | "conflict" when the environment decides it.
 */
export async function changeSettings(ctx: Ctx, given: ChangeSettingsInput): Promise<SettingsView> {
  requireAbility(ctx.actor, "settings.write");
  refuseWhatEnvironmentDecides(ctx, given);
  const input = wellFormed(given) as ChangeSettingsInput;
  return ctx.db.transaction(async (tx) => {
    await rows(tx, sql`select pg_advisory_xact_lock(${SETTINGS_LOCK})`);
    const before = await storedSettings(tx);
    const now = ctx.now();
    if (input.statusPage) await saveStatusPage(tx, ctx, before, input.statusPage);
    for (const name of ["organisation", "requiredRoles", "serviceOwners", "telling", "bounces"] as const) {
      const change = input[name];
      if (change) await saveSetting(tx, name, { ...(before.get(name) as object | undefined), ...change }, now);
    }
    if (input.approval) await saveSetting(tx, "approval", mergedApproval(before.get("approval"), input.approval), now);
    if (input.cadence) await saveSetting(tx, "cadence", { ...cadenceOf(before.get("cadence")), ...input.cadence }, now);
    await saveTellLists(tx, ctx, input);
    if (input.tellEmails) await saveSetting(tx, "tellEmails", [...new Set(input.tellEmails)], now);
    await saveCredentials(tx, ctx, input);
    await recordAudit(tx, ctx, {
      action: "settings.changed",
      objectKind: "settings",
      objectId: "organisation",
      detail: auditDetail(input),
    });
    if (input.statusPage || input.organisation) afterCommit(() => ctx.facts.emit("page"));
    return presentSettings(await readSettings(tx, ctx), ctx.config);
  });
}
