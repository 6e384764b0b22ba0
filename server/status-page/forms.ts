import { html } from "hono/html";
import { confirmSubscription, endSubscription, requestSubscription, subscriberFor } from "#/server/audience/index.ts";
import type { Core } from "#/server/events/index.ts";
import { isAppError } from "#/server/platform/errors.ts";
import { readSettings } from "#/server/settings/index.ts";
import type { PageComponent } from "./model.ts";
import { renderPage } from "./pages/layout.ts";
import { messageContent, subscribeForm } from "./pages/subscribe.ts";

/** A page that is made for one reader: never cached. */
export type FormAnswer = { status: 200 | 400 | 404 | 409; body: Buffer };

/** What the status page asks of its readers: none of it needs an account. */
export type SubscriptionForms = {
  ask(): Promise<FormAnswer>;
  /** Sends the question to the address; the answer is the same whether it was known or not. */
  request(input: { email: string; components: readonly string[] }): Promise<FormAnswer>;
  /** Shows a button: scanners of mail follow links, they do not press. */
  showConfirm(token: string): Promise<FormAnswer>;
  confirm(token: string): Promise<FormAnswer>;
  showLeave(token: string): Promise<FormAnswer>;
  /** One press, also by a mail program: no login, no redirect. Safe to repeat. */
  leave(token: string): Promise<FormAnswer>;
};

type Message = Parameters<typeof messageContent>[0];

/** The subscription pages; `components` are those of the page as it is shown now. */
export function createSubscriptionForms(core: Core, components: () => readonly PageComponent[]): SubscriptionForms {
  async function page(status: FormAnswer["status"], message: Message, withForm = false): Promise<FormAnswer> {
    const settings = await readSettings(core.db.read, core);
    const { name } = settings.statusPage;
    const hasMail = settings.smtp !== null;
    const form = withForm && hasMail ? subscribeForm({ components: [...components()] }) : "";
    const content = html`${messageContent(message)}${form}`;
    const title = `${message.title} · ${name}`;
    return { status, body: await renderPage({ name, title, content, hasMail, isIndexed: false }) };
  }
  const unknown = () =>
    page(404, {
      title: "This link does not work",
      text: "It may have been cut off on its way. Open it from the mail again.",
    });

  return {
    async ask() {
      const { smtp } = await readSettings(core.db.read, core);
      if (smtp) return page(200, { title: "Subscribe", text: "Hear about incidents as they happen." }, true);
      return page(200, {
        title: "Subscribe",
        text: "Mail is not set up here. The feeds (Atom and RSS, below) tell the same.",
      });
    },
    async request(input) {
      const { smtp } = await readSettings(core.db.read, core);
      if (!smtp)
        return page(409, { title: "Mail is not set up", text: "The feeds (Atom and RSS, below) tell the same." });
      try {
        await requestSubscription(core, input);
      } catch (error) {
        if (!isAppError(error)) throw error;
        return page(error.code === "invalid" ? 400 : 409, { title: "That did not work", text: error.message }, true);
      }
      return page(200, {
        title: "Look into your mailbox",
        text: "If this address is not subscribed yet, a mail is on its way to it. Open the link in it to confirm.",
      });
    },
    async showConfirm(token) {
      const row = await subscriberFor(core, "confirm", token);
      if (!row || row.unsubscribedAt) return unknown();
      const action = { path: `/subscribe/confirm/${token}`, text: "Confirm" };
      return page(200, { title: "Confirm your subscription", text: `Updates will go to ${row.email}.`, action });
    },
    async confirm(token) {
      if (!(await confirmSubscription(core, token))) return unknown();
      return page(200, { title: "You are subscribed", text: "The next update comes to you by mail." });
    },
    async showLeave(token) {
      const row = await subscriberFor(core, "unsubscribe", token);
      if (!row) return unknown();
      const action = { path: `/unsubscribe/${token}`, text: "Unsubscribe" };
      return page(200, { title: "Unsubscribe", text: `No more updates to ${row.email}?`, action });
    },
    async leave(token) {
      if (!(await endSubscription(core, token))) return unknown();
      return page(200, { title: "You are unsubscribed", text: "No more mail comes from this page." });
    },
  };
}
