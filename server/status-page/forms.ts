import type { IncomingHttpHeaders } from "node:http";
import { html } from "hono/html";
import {
  confirmSubscription,
  endSubscription,
  requestSubscription,
  requestWebhook,
  subscriberFor,
} from "#/server/audience/index.ts";
import type { Core } from "#/server/events/index.ts";
import { isAppError } from "#/server/platform/errors.ts";
import type { PageModel } from "./model.ts";
import { renderPage } from "./pages/layout.ts";
import { messageContent, subscribeWays } from "./pages/subscribe.ts";
import { createWebhookForms, type WebhookForms } from "./webhook-forms.ts";

/** A page that is made for one reader: never cached. */
export type FormAnswer = { status: 200 | 400 | 401 | 404 | 409; body: Buffer };
/** Who asks: the address with its query, and the headers. */
export type Asked = { url: string; headers: IncomingHttpHeaders };

/** What the status page asks of its readers: none of it needs an account, but to read a private page. */
export type SubscriptionForms = {
  ask(asked: Asked): Promise<FormAnswer>;
  /** Sends the question to the address; the answer is the same whether it was known or not. */
  request(
    asked: Asked,
    input: { email: string; webhook: string | null; components: readonly string[] },
  ): Promise<FormAnswer>;
  /** Shows a button: scanners of mail follow links, they do not press. */
  showConfirm(token: string): Promise<FormAnswer>;
  confirm(token: string): Promise<FormAnswer>;
  showLeave(token: string): Promise<FormAnswer>;
  /** One press, also by a mail program: no login, no redirect. Safe to repeat. */
  leave(token: string): Promise<FormAnswer>;
  readonly webhooks: WebhookForms;
};

export type Message = Parameters<typeof messageContent>[0];
/** Makes the page of a message. */
export type ShowMessage = (status: FormAnswer["status"], message: Message) => Promise<FormAnswer>;

type Page = {
  /** The page as it is shown now. */
  model(): Promise<PageModel>;
  isPublic(): boolean;
  mayRead(asked: Asked): Promise<boolean>;
};

const NO_MAIL: Message = { title: "Mail is not set up", text: "The feeds tell the same." };

/** The subscription pages. */
export function createSubscriptionForms(core: Core, page: Page): SubscriptionForms {
  /** `isWhole`: for who may read the page, with its ways to subscribe. */
  async function show(status: FormAnswer["status"], message: Message, isWhole: boolean): Promise<FormAnswer> {
    const model = await page.model();
    const content = html`${messageContent(message)}${isWhole ? subscribeWays(model) : ""}`;
    // A link to end a subscription must not lead to a private page.
    const isBare = !isWhole && !page.isPublic();
    const title = isBare ? message.title : `${message.title} · ${model.page.name}`;
    return { status, body: await renderPage(model, { title, content, isIndexed: false, isBare }) };
  }
  const message: ShowMessage = (status, said) => show(status, said, false);
  const refused = () =>
    message(401, {
      title: "This status page is private",
      text: "Open it by its link, or sign in, and subscribe there.",
    });
  const unknown = () =>
    message(404, {
      title: "This link does not work",
      text: "It may have been cut off on its way. Open it from the mail again.",
    });

  return {
    webhooks: createWebhookForms(core, message),
    async ask(asked) {
      if (!(await page.mayRead(asked))) return refused();
      return show(200, { title: "Subscribe", text: "Hear about incidents as they happen." }, true);
    },
    async request(asked, { email, webhook, components }) {
      if (!(await page.mayRead(asked))) return refused();
      if (!(await page.model()).hasMail) return show(409, NO_MAIL, true);
      try {
        if (webhook === null) await requestSubscription(core, { email, components });
        else await requestWebhook(core, { url: webhook, email, components });
      } catch (error) {
        if (!isAppError(error)) throw error;
        return show(error.code === "invalid" ? 400 : 409, { title: "That did not work", text: error.message }, true);
      }
      return message(200, {
        title: "Look into your mailbox",
        text: "If this is not subscribed yet, a mail is on its way. Open the link in it to confirm.",
      });
    },
    async showConfirm(token) {
      const row = await subscriberFor(core, "confirm", token);
      if (!row || row.unsubscribedAt) return unknown();
      const action = { path: `/subscribe/confirm/${token}`, text: "Confirm" };
      return message(200, { title: "Confirm your subscription", text: `Updates will go to ${row.email}.`, action });
    },
    async confirm(token) {
      if (!(await confirmSubscription(core, token))) return unknown();
      return message(200, { title: "You are subscribed", text: "The next update comes to you by mail." });
    },
    async showLeave(token) {
      const row = await subscriberFor(core, "unsubscribe", token);
      if (!row) return unknown();
      const action = { path: `/unsubscribe/${token}`, text: "Unsubscribe" };
      return message(200, { title: "Unsubscribe", text: `No more updates to ${row.email}?`, action });
    },
    async leave(token) {
      if (!(await endSubscription(core, token))) return unknown();
      return message(200, { title: "You are unsubscribed", text: "No more mail comes from this page." });
    },
  };
}
