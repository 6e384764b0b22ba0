import { html } from "hono/html";
import type { PageModel } from "../model.ts";
import type { Html } from "./layout.ts";

/** The form that asks for mail; what it leads to is a question to that address first. */
export function subscribeForm(model: Pick<PageModel, "components">): Html {
  const parts = model.components.filter((component) => !component.group);
  const choice =
    parts.length > 1
      ? html`<details><summary>Only some components</summary><fieldset><legend class="skip">Components</legend>${parts.map(
          (component) =>
            html`<label><input type="checkbox" name="component" value="${component.id}"> ${component.name}</label>`,
        )}</fieldset></details>`
      : "";
  return html`<section id="subscribe" class="card" aria-labelledby="subscribe-title"><h2 id="subscribe-title">Get updates by e-mail</h2><p class="muted">One mail for each update. You confirm the address first, and each mail ends the subscription with one press.</p><form method="post" action="/subscribe"><div class="field"><label for="email">E-mail address</label><input id="email" type="email" name="email" autocomplete="email" required maxlength="254"></div><button type="submit">Subscribe</button>${choice}</form></section>`;
}

/** A short page with a message, and perhaps a button that does what it says. */
export function messageContent(message: {
  title: string;
  text: string;
  action?: { path: string; text: string };
}): Html {
  const { title, text, action } = message;
  return html`<section class="card"><h1>${title}</h1><p class="body">${text}</p>${
    action ? html`<form method="post" action="${action.path}"><button type="submit">${action.text}</button></form>` : ""
  }</section>`;
}
