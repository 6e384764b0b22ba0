import { html } from "hono/html";
import type { PageComponent, PageModel } from "../model.ts";
import { type Html, linkTo } from "./layout.ts";

function emailField(id: string, label: string): Html {
  return html`<div class="field"><label for="${id}">${label}</label><input id="${id}" type="email" name="email" autocomplete="email" required maxlength="254"></div>`;
}

function choiceOf(all: readonly PageComponent[]): Html {
  const components = all.filter((component) => !component.group);
  if (components.length < 2) return html``;
  return html`<details><summary>Only some components</summary><fieldset><legend class="skip">Components</legend>${components.map(
    (component) =>
      html`<label><input type="checkbox" name="component" value="${component.id}"> ${component.name}</label>`,
  )}</fieldset></details>`;
}

/** The form of the front page that asks for mail; what it leads to is a question to that address first. */
export function subscribeForm(model: PageModel): Html {
  return html`<section id="subscribe" class="card" aria-labelledby="subscribe-title"><h2 id="subscribe-title">Get updates by e-mail</h2><p class="muted">One mail for each update. You confirm the address first, and each mail ends the subscription with one press.</p><form method="post" action="${linkTo(model, "/subscribe")}">${emailField("email", "E-mail address")}<button type="submit">Subscribe</button></form><p class="more"><a href="${linkTo(model, "/subscribe")}">Only some components, feeds, webhooks</a></p></section>`;
}

function mailForm(model: PageModel): Html {
  return html`<section class="card" aria-labelledby="by-mail"><h2 id="by-mail">By e-mail</h2><p class="muted">One mail for each update. You confirm the address first, and each mail ends the subscription with one press.</p><form method="post" action="${linkTo(model, "/subscribe")}">${emailField("email", "E-mail address")}<button type="submit">Subscribe</button>${choiceOf(model.components)}</form></section>`;
}

function webhookForm(model: PageModel): Html {
  return html`<section class="card" aria-labelledby="by-webhook"><h2 id="by-webhook">By webhook</h2><p class="muted">A POST of JSON for each update, signed as Standard Webhooks say. A mail asks first whether you want it.</p><form method="post" action="${linkTo(model, "/subscribe")}"><div class="field"><label for="webhook">Address of the webhook</label><input id="webhook" type="url" name="webhook" required maxlength="2000" placeholder="https://"></div>${emailField("webhook-email", "E-mail address, to confirm")}<button type="submit">Subscribe webhook</button>${choiceOf(model.components)}</form></section>`;
}

function feedsOf(model: PageModel): Html {
  const feeds = (path: string, what: string) =>
    html`<a href="${linkTo(model, `${path}/feed.atom`)}" aria-label="${what}, Atom">Atom</a> <a href="${linkTo(model, `${path}/feed.rss`)}" aria-label="${what}, RSS">RSS</a>`;
  return html`<section class="card" aria-labelledby="by-feed"><h2 id="by-feed">By feed</h2><ul class="feeds"><li><b>All incidents</b> ${feeds("/status", "All incidents")}</li>${model.components
    .filter((component) => !component.group)
    .map(
      (component) => html`<li>${component.name} ${feeds(`/status/components/${component.id}`, component.name)}</li>`,
    )}</ul></section>`;
}

/** Every way to hear of the page's news. */
export function subscribeWays(model: PageModel): Html {
  const withMail = model.hasMail
    ? html`${mailForm(model)}${webhookForm(model)}`
    : html`<p class="muted">Mail is not set up here. The feeds tell the same.</p>`;
  return html`${withMail}${feedsOf(model)}`;
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

/** What somebody sees who may not read the page; nothing of it, its name neither. */
export function privateContent(signIn: string | null): Html {
  return html`<section class="card"><h1>This status page is private</h1><p class="body">${
    signIn
      ? "It is for people who are signed in."
      : "Open it by the link that you were given. If that does not work any more, ask whoever gave it to you."
  }</p>${signIn ? html`<p><a href="${signIn}">Sign in</a></p>` : ""}</section>`;
}
