import { confirmWebhook, endWebhook, webhookFor, webhookSecretOf } from "#/server/audience/index.ts";
import type { Core } from "#/server/events/index.ts";
import type { FormAnswer, ShowMessage } from "./forms.ts";

/** The pages by which the owner of a webhook confirms and ends it. */
export type WebhookForms = {
  showConfirm(token: string): Promise<FormAnswer>;
  /** Shows what its signatures are checked with: here and nowhere else. Safe to repeat. */
  confirm(token: string): Promise<FormAnswer>;
  showLeave(token: string): Promise<FormAnswer>;
  /** Safe to repeat. */
  leave(token: string): Promise<FormAnswer>;
};

export function createWebhookForms(core: Core, message: ShowMessage): WebhookForms {
  const unknown = () =>
    message(404, { title: "This link does not work", text: "It may have been cut off on its way, or it has ended." });
  return {
    async showConfirm(token) {
      const row = await webhookFor(core, "confirm-webhook", token);
      if (!row || row.endedAt) return unknown();
      const action = { path: `/subscribe/webhook/${token}`, text: "Confirm" };
      return message(200, { title: "Confirm the webhook", text: `Updates will be posted to ${row.host}.`, action });
    },
    async confirm(token) {
      const row = await confirmWebhook(core, token);
      if (!row) return unknown();
      const secret = webhookSecretOf(core, row.id);
      const text = `Updates are posted to ${row.host} from now on.\n\nSigning secret, by Standard Webhooks: ${secret}`;
      return message(200, { title: "The webhook is subscribed", text });
    },
    async showLeave(token) {
      const row = await webhookFor(core, "unsubscribe-webhook", token);
      if (!row) return unknown();
      const action = { path: `/unsubscribe/webhook/${token}`, text: "Unsubscribe" };
      return message(200, { title: "Unsubscribe the webhook", text: `No more updates to ${row.host}?`, action });
    },
    async leave(token) {
      if (!(await endWebhook(core, token))) return unknown();
      return message(200, { title: "The webhook is unsubscribed", text: "Nothing more is posted to it." });
    },
  };
}
