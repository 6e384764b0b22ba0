import { html } from "hono/html";
import { MAIL_STYLES as css, MAIL_DARK, type MailTone, toneStyles } from "./mail-style.ts";

/** What a mail says, without its form. All of it is plain text. */
export type MailContent = {
  /** Who speaks, above everything: the name of the status page. */
  masthead?: string;
  /** How things stand, in a word; `sign` goes with it, because colour alone says nothing. */
  badge?: { sign: string; text: string; tone: MailTone };
  /** What sets this mail apart from others: that it is internal, that it corrects. */
  tags?: readonly string[];
  /** The first line. */
  heading: string;
  /** Small print under the heading. */
  note?: string;
  body: string;
  /** Short facts: name and value. */
  facts?: readonly { name: string; value: string }[];
  /** What can be decided from the mail, each with a link of its own. */
  actions?: readonly { text: string; url: string }[];
  action?: { text: string; url: string };
  /** Why it came, and how to end that. */
  footer?: { text: string; action?: { text: string; url: string } };
};

function textOf(content: MailContent): string {
  const { badge, tags = [], heading, note, body, facts = [], actions = [], action, footer } = content;
  const first = [...tags, badge ? `${badge.text}: ${heading}` : heading].join(" · ");
  const parts = [
    note ? `${first}\n${note}` : first,
    body,
    facts.map((fact) => `${fact.name}: ${fact.value}`).join("\n"),
    actions.map((each) => `${each.text}: ${each.url}`).join("\n"),
    action ? `${action.text}: ${action.url}` : "",
    footer ? `-- \n${footer.text}${footer.action ? `\n${footer.action.text}: ${footer.action.url}` : ""}` : "",
  ];
  return `${parts.filter(Boolean).join("\n\n")}\n`;
}

/** Paragraphs and lines as tags: some mail programs know no `white-space`. */
function paragraphs(body: string) {
  return body
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.split("\n"))
    .map(
      (lines) =>
        html`<p class="t" style="${css.paragraph}">${lines.map((line, at) => html`${at > 0 ? html`<br>` : ""}${line}`)}</p>`,
    );
}

function headOf({ badge, tags = [], heading, note }: MailContent) {
  const tone = badge && toneStyles[badge.tone];
  return html`${
    badge || tags.length > 0
      ? html`<p style="${css.marks}">${badge ? html`<span class="${badge.tone}" style="${css.badge};${tone}">${badge.sign} ${badge.text}</span>` : ""}${tags.map((tag) => html` <span class="tag" style="${css.tag}">${tag}</span>`)}</p>`
      : ""
  }<h1 class="t" style="${css.heading}">${heading}</h1>${note ? html`<p class="m" style="${css.note}">${note}</p>` : ""}`;
}

function factRows(facts: NonNullable<MailContent["facts"]>) {
  if (facts.length === 0) return "";
  return html`<table role="presentation" cellpadding="0" cellspacing="0" class="facts" style="${css.facts}">${facts.map(
    (fact) =>
      html`<tr><td class="m" style="${css.factName}">${fact.name}</td><td class="t" style="${css.factValue}">${fact.value}</td></tr>`,
  )}</table>`;
}

function buttons({ actions = [], action }: MailContent) {
  const main = actions.length === 0 ? action : undefined;
  const rest = actions.length === 0 ? undefined : action;
  const all = main ? [main] : actions;
  return html`${
    all.length > 0
      ? html`<p style="${css.buttons}">${all.map((each, at) => html`<a href="${each.url}" class="${at === 0 ? "primary" : "secondary"}" style="${at === 0 ? css.primary : css.secondary}">${each.text}</a> `)}</p>`
      : ""
  }${rest ? html`<p style="${css.more}"><a href="${rest.url}" class="l" style="${css.link}">${rest.text}</a></p>` : ""}`;
}

/** What a mailbox shows beside the subject; the rest keeps it from reading on into the page. */
function preview({ body }: MailContent) {
  const text = body.replace(/\s+/g, " ").slice(0, 140).toWellFormed();
  return html`<div style="${css.preview}">${text}</div>`;
}

function htmlOf(content: MailContent) {
  const { masthead, heading, body, facts = [], footer } = content;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><title>${heading}</title><style>${MAIL_DARK}</style></head>
<body class="b" style="${css.page}">${preview(content)}
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" class="b" style="${css.outer}"><tr><td align="center" style="${css.around}">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="${css.column}">
${masthead ? html`<tr><td class="t" style="${css.masthead}">${masthead}</td></tr>` : ""}
<tr><td class="c" style="${css.card}">
${headOf(content)}
<div style="${css.body}">${paragraphs(body)}</div>
${factRows(facts)}
${buttons(content)}
</td></tr>
${
  footer
    ? html`<tr><td class="m" style="${css.footer}">${footer.text}${
        footer.action
          ? html` <a href="${footer.action.url}" class="l" style="${css.link}">${footer.action.text}</a>`
          : ""
      }</td></tr>`
    : ""
}
</table></td></tr></table>
</body></html>
`;
}

/** A mail as text and as HTML; the text is written, not derived from the HTML. Everything is escaped. */
export async function renderMail(content: MailContent): Promise<{ text: string; html: string }> {
  return { text: textOf(content), html: (await htmlOf(content)).toString() };
}
