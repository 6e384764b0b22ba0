import { findSubscriber, subscriberUrl } from "#/server/audience/index.ts";
import type { Core } from "#/server/events/index.ts";
import { sendMail } from "#/server/notify/index.ts";
import { hmacSha256, purposeKey } from "#/server/platform/crypto.ts";
import { readSettings } from "#/server/settings/index.ts";
import { publicBase } from "#/server/updates/index.ts";

/**
 * Asks an address whether it wants to hear of us. Safe to repeat: the same question has the same Message-ID.
 * @throws Error when it is worth another try, which the queue makes.
 */
export async function sendConfirmation(core: Core, subscriberId: string): Promise<void> {
  const settings = await readSettings(core.db.read, core);
  const subscriber = await findSubscriber(core.db.read, subscriberId);
  if (!settings.smtp || !subscriber || subscriber.confirmedAt || subscriber.unsubscribedAt) return;
  const { name } = settings.statusPage;
  const asked = `${subscriber.id}\n${subscriber.createdAt.toISOString()}`;
  const mac = hmacSha256(purposeKey(core.config.authSecret, "message-id"), asked).toString("hex").slice(0, 32);
  const outcome = await sendMail(settings.smtp, {
    to: subscriber.email,
    subject: `Confirm your subscription to ${name}`,
    messageId: `confirm.${mac}@${new URL(core.config.publicUrl).hostname}`,
    content: {
      masthead: name,
      heading: `Updates of ${name}`,
      body: "Somebody, probably you, asked for updates to this address. If it was you, open the link and confirm. If not, do nothing: no more mail will come.",
      action: {
        text: "Confirm the subscription",
        url: subscriberUrl(core.config, publicBase(settings, core.config), "confirm", subscriber.id),
      },
    },
  });
  if (outcome.ok) return;
  if (outcome.kind !== "permanent") throw new Error(outcome.reason);
  core.log.warn({ subscriberId, reason: outcome.reason }, "a subscription could not be asked about");
}
