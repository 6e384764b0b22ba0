import { html } from "hono/html";

/** What a mail says, without its form. All of it is plain text. */
export type MailContent = {
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
  const { heading, note, body, facts = [], actions = [], action, footer } = content;
  const parts = [
    note ? `${heading}\n${note}` : heading,
    body,
    facts.map((fact) => `${fact.name}: ${fact.value}`).join("\n"),
    actions.map((each) => `${each.text}: ${each.url}`).join("\n"),
    action ? `${action.text}: ${action.url}` : "",
    footer ? `--\n${footer.text}${footer.action ? `\n${footer.action.text}: ${footer.action.url}` : ""}` : "",
  ];
  return `${parts.filter(Boolean).join("\n\n")}\n`;
}

const FONT = "font-family:Inter,system-ui,-apple-system,'Segoe UI',Roboto,sans-serif";
const LINK = "color:#0a6aa8";
const BUTTON =
  "display:inline-block;margin:0 8px 8px 0;padding:10px 18px;border-radius:8px;text-decoration:none;font-weight:600";
const PRIMARY = `${BUTTON};background:#0a6aa8;color:#ffffff;border:1px solid #0a6aa8`;
const SECONDARY = `${BUTTON};background:#ffffff;color:#14191f;border:1px solid #7f8b99`;

function htmlOf(content: MailContent) {
  const { heading, note, body, facts = [], actions = [], action, footer } = content;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><title>${heading}</title></head>
<body style="margin:0;padding:24px;background:#f6f7f9;color:#14191f;${FONT};font-size:15px;line-height:1.55">
<div style="max-width:560px;margin:0 auto;background:#ffffff;border:1px solid #dfe4ea;border-radius:10px;padding:24px">
<h1 style="font-size:18px;line-height:1.35;margin:0 0 4px">${heading}</h1>
${note ? html`<p style="margin:0;color:#515c69;font-size:13px">${note}</p>` : ""}
<p style="margin:16px 0;white-space:pre-line">${body}</p>
${facts.map((fact) => html`<p style="margin:4px 0;font-size:14px"><span style="color:#515c69">${fact.name}:</span> ${fact.value}</p>`)}
${
  actions.length > 0
    ? html`<p style="margin:20px 0 0">${actions.map((each, at) => html`<a href="${each.url}" style="${at === 0 ? PRIMARY : SECONDARY}">${each.text}</a> `)}</p>`
    : ""
}
${action ? html`<p style="margin:20px 0 0"><a href="${action.url}" style="${LINK};font-weight:600">${action.text}</a></p>` : ""}
</div>
${
  footer
    ? html`<p style="max-width:560px;margin:16px auto 0;color:#515c69;font-size:12.5px">${footer.text}${
        footer.action ? html` <a href="${footer.action.url}" style="${LINK}">${footer.action.text}</a>` : ""
      }</p>`
    : ""
}
</body></html>
`;
}

/** A mail as text and as HTML; the text is written, not derived from the HTML. Everything is escaped. */
export async function renderMail(content: MailContent): Promise<{ text: string; html: string }> {
  return { text: textOf(content), html: (await htmlOf(content)).toString() };
}
