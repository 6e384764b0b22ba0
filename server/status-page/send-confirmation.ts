import { findSubscriber, findWebhook, isReleasedByReader, subscriberUrl } from "#/server/audience/index.ts";
import type { Core } from "#/server/events/index.ts";
import { type MailContent, sendMail } from "#/server/notify/index.ts";
import { hmacSha256, purposeKey } from "#/server/platform/crypto.ts";
import type { Settings } from "#/server/settings/contract.ts";
import { publicBase, readSettings } from "#/server/settings/index.ts";

type Question = { id: string; email: string; createdAt: Date; subject: string; content: MailContent };

/** The same question has the same Message-ID. @throws Error when it is worth another try */
async function ask(core: Core, smtp: NonNullable<Settings["smtp"]>, question: Question): Promise<void> {
  const asked = `${question.id}\n${question.createdAt.toISOString()}`;
  const mac = hmacSha256(purposeKey(core.config.authSecret, "message-id"), asked).toString("hex").slice(0, 32);
  const outcome = await sendMail(smtp, {
    to: question.email,
    subject: question.subject,
    messageId: `confirm.${mac}@${new URL(core.config.publicUrl).hostname}`,
    content: question.content,
  });
  if (outcome.ok) return;
  if (outcome.kind !== "permanent") throw new Error(outcome.reason);
  core.log.warn({ subscriberId: question.id, reason: outcome.reason }, "a subscription could not be asked about");
}

/**
 * Asks an address whether it wants to hear of us. Safe to repeat: the same question has the same Message-ID.
 * @throws Error when it is worth another try, which the queue makes.
 */
export async function sendConfirmation(core: Core, subscriberId: string): Promise<void> {
  const settings = await readSettings(core.db.read, core);
  const subscriber = await findSubscriber(core.db.read, subscriberId);
  if (!settings.smtp || !subscriber || subscriber.unsubscribedAt) return;
  if (subscriber.confirmedAt && !(await isReleasedByReader(core.db.read, subscriber.email))) return;
  const { name } = settings.statusPage;
  await ask(core, settings.smtp, {
    ...subscriber,
    subject: `Confirm your subscription to ${name}`,
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
}

/** Asks the owner of a webhook whether it is wanted, as `sendConfirmation` asks the reader of mails. */
export async function sendWebhookConfirmation(core: Core, subscriberId: string): Promise<void> {
  const settings = await readSettings(core.db.read, core);
  const webhook = await findWebhook(core.db.read, subscriberId);
  if (!settings.smtp || !webhook?.email || webhook.confirmedAt || webhook.endedAt) return;
  const { name } = settings.statusPage;
  await ask(core, settings.smtp, {
    id: webhook.id,
    email: webhook.email,
    createdAt: webhook.createdAt,
    subject: `Confirm a webhook for ${name}`,
    content: {
      masthead: name,
      heading: `A webhook for ${name}`,
      body: `Somebody, probably you, asked that updates are posted to ${webhook.host}. If it was you, open the link and confirm. If not, do nothing: nothing will be posted.`,
      action: {
        text: "Confirm the webhook",
        url: subscriberUrl(core.config, publicBase(settings, core.config), "confirm-webhook", webhook.id),
      },
    },
  });
}
