import { requireAbility } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { slackIdentity } from "#/server/notify/index.ts";
import { readSettings } from "#/server/settings/index.ts";
import type { SlackCheckView } from "./contract.ts";
import { slackScopes } from "./shared/manifest.ts";

/** Slack takes a request address with TLS only. */
const PUBLIC_PROTOCOL = "https:";

/**
 * Looks whether Slack is set up as it has to be: the token, what it may do, and what the server lacks. Changes nothing.
 * @throws AppError "forbidden"
 */
export async function checkSlack(ctx: Ctx): Promise<SlackCheckView> {
  requireAbility(ctx.actor, "settings.write");
  const { slack } = await readSettings(ctx.db.read, ctx);
  const nothing = { ok: false, workspace: null, bot: null, missingScopes: [] };
  if (!slack) return { ...nothing, problems: ["Slack is not connected: enter the bot token first."] };
  const identity = await slackIdentity(slack);
  if (!identity.ok) return { ...nothing, problems: [identity.reason] };
  // Without the header that names them nothing is known about the permissions.
  const { scopes } = identity;
  const missingScopes = scopes.length === 0 ? [] : Object.keys(slackScopes).filter((scope) => !scopes.includes(scope));
  const problems = [
    ...(missingScopes.length > 0 ? ["The token lacks permissions: add them to the app and install it again."] : []),
    ...(slack.channel ? [] : ["No channel is chosen: nothing is posted."]),
    ...(slack.signingSecret ? [] : ["The signing secret is missing: commands and buttons do not work without it."]),
    ...(new URL(ctx.config.publicUrl).protocol === PUBLIC_PROTOCOL
      ? []
      : ["PUBLIC_URL is not an https address: Slack cannot reach this server for commands and buttons."]),
  ];
  return {
    ok: problems.length === 0,
    workspace: identity.team ?? null,
    bot: identity.user ?? null,
    missingScopes,
    problems,
  };
}
