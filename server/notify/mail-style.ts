/** What a badge says by its colour, beside its word and sign. */
export type MailTone = "bad" | "warn" | "info" | "ok";

const FONT = "font-family:Inter,system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif";
const BUTTON =
  "display:inline-block;margin:0 8px 8px 0;padding:11px 18px;border-radius:8px;text-decoration:none;font-weight:600;font-size:15px";

/**
 * The look of a mail as each element carries it, because many mail programs read nothing else. It is the light one;
 * `MAIL_DARK` turns it over where the program follows the reader's own setting.
 */
export const MAIL_STYLES = {
  page: `margin:0;padding:0;background-color:#f6f7f9;color:#14191f;${FONT};font-size:16px;line-height:1.55;-webkit-text-size-adjust:100%`,
  preview: "display:none;max-height:0;overflow:hidden;opacity:0;font-size:1px;line-height:1px",
  outer: "background-color:#f6f7f9",
  around: "padding:24px 16px 40px",
  column: "max-width:560px;margin:0 auto;text-align:left",
  masthead: `padding:4px 4px 14px;color:#14191f;${FONT};font-size:15px;font-weight:650;letter-spacing:-.01em`,
  card: `background-color:#ffffff;border:1px solid #dfe4ea;border-radius:12px;padding:24px;color:#14191f;${FONT};font-size:16px;line-height:1.55`,
  marks: "margin:0 0 12px;font-size:13px;line-height:1.9",
  badge:
    "display:inline-block;padding:2px 10px;border-radius:999px;border:1px solid;font-weight:600;font-size:13px;line-height:1.6",
  tag: "display:inline-block;padding:2px 9px;border-radius:5px;border:1px solid #7f8b99;color:#515c69;font-size:13px;line-height:1.6",
  heading: "margin:0;font-size:20px;line-height:1.3;font-weight:650;letter-spacing:-.015em;color:#14191f",
  note: "margin:6px 0 0;color:#515c69;font-size:14px",
  body: "margin:18px 0 0",
  paragraph: "margin:0 0 14px;color:#14191f;overflow-wrap:anywhere;word-break:break-word",
  facts: "margin:4px 0 0;border-top:1px solid #dfe4ea;width:100%",
  factName: "padding:10px 16px 0 0;color:#515c69;font-size:14px;vertical-align:top;white-space:nowrap",
  factValue: "padding:10px 0 0;color:#14191f;font-size:14px;width:100%;overflow-wrap:anywhere",
  buttons: "margin:22px 0 0;line-height:1",
  primary: `${BUTTON};background-color:#0a6aa8;color:#ffffff;border:1px solid #0a6aa8`,
  secondary: `${BUTTON};background-color:#ffffff;color:#14191f;border:1px solid #7f8b99`,
  more: "margin:12px 0 0",
  link: "color:#0a6aa8;font-weight:600",
  footer: `padding:18px 4px 0;color:#515c69;${FONT};font-size:13px;line-height:1.6`,
} as const;

export const toneStyles: Record<MailTone, string> = {
  bad: "color:#c23a08;border-color:#c23a08;background-color:#fdeae3",
  warn: "color:#8f5f00;border-color:#8f5f00;background-color:#fbf1da",
  info: "color:#0a6aa8;border-color:#0a6aa8;background-color:#e3f0f9",
  ok: "color:#0b7355;border-color:#0b7355;background-color:#e2f4ee",
};

/** The dark look; it has to outweigh what the elements carry themselves. Outlook asks in a way of its own. */
const dark = (scope: string) =>
  [
    ["b", "background-color:#0d1014!important;color:#e8ebef!important"],
    ["c", "background-color:#14181e!important;border-color:#262d37!important"],
    ["t", "color:#e8ebef!important"],
    ["m", "color:#9aa5b3!important"],
    ["l", "color:#56b4e9!important"],
    ["tag", "color:#9aa5b3!important;border-color:#667587!important"],
    ["facts", "border-color:#262d37!important"],
    ["primary", "background-color:#56b4e9!important;color:#06202f!important;border-color:#56b4e9!important"],
    ["secondary", "background-color:#14181e!important;color:#e8ebef!important;border-color:#667587!important"],
    ["bad", "color:#ff6b3d!important;border-color:#ff6b3d!important;background-color:#35170d!important"],
    ["warn", "color:#e69f00!important;border-color:#e69f00!important;background-color:#2e2206!important"],
    ["info", "color:#56b4e9!important;border-color:#56b4e9!important;background-color:#0b2434!important"],
    ["ok", "color:#3fbf95!important;border-color:#3fbf95!important;background-color:#0f2a22!important"],
  ]
    .map(([name, style]) => `${scope}.${name}{${style}}`)
    .join("");

export const MAIL_DARK = `:root{color-scheme:light dark}@media(prefers-color-scheme:dark){${dark("")}}${dark("[data-ogsc] ")}`;
