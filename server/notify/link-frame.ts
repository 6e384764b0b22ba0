import { createHash } from "node:crypto";
import { html } from "hono/html";

/** The look of the pages that mails lead to: both themes by the reader's own setting, no script, nothing from elsewhere. */
const STYLE = `:root{color-scheme:light dark;--bg:#f6f7f9;--panel:#fff;--line:#dfe4ea;--edge:#7f8b99;--text:#14191f;--muted:#515c69;--accent:#0a6aa8;--accent-ink:#fff;--warn:#8f5f00}
@media(prefers-color-scheme:dark){:root{--bg:#0d1014;--panel:#14181e;--line:#262d37;--edge:#667587;--text:#e8ebef;--muted:#9aa5b3;--accent:#56b4e9;--accent-ink:#06202f;--warn:#e69f00}}
*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--text);font:400 16px/1.55 Inter,ui-sans-serif,system-ui,"Segoe UI",Roboto,sans-serif}
main{max-width:560px;margin:0 auto;padding:48px 20px}h1{font-size:22px;line-height:1.3;letter-spacing:-.015em;margin:0 0 6px;overflow-wrap:anywhere}p{margin:0 0 14px;overflow-wrap:anywhere}
.card{background:var(--panel);border:1px solid var(--line);border-radius:12px;padding:24px}.muted{color:var(--muted);font-size:14px}.name{font-weight:600;margin:0 0 16px}
a{color:var(--accent);text-underline-offset:3px}:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:4px}
fieldset{border:0;margin:0 0 16px;padding:0}legend,.label{font-weight:550;font-size:15px;padding:0;margin:0 0 4px;display:block}
.choice{display:flex;gap:10px;align-items:flex-start;padding:10px 0;min-height:44px;border-top:1px solid var(--line)}.choice:first-of-type{border-top:0}.choice input{width:18px;height:18px;margin:3px 0 0;flex:none;accent-color:var(--accent)}
.choice small{display:block;color:var(--muted);font-size:14px}
textarea{width:100%;min-height:76px;font:inherit;color:inherit;background:var(--bg);border:1px solid var(--edge);border-radius:8px;padding:10px 12px;margin:0 0 16px}
.text{white-space:pre-wrap;margin:0 0 16px;border:1px solid var(--line);border-radius:8px;padding:12px 14px;background:var(--bg);overflow-wrap:anywhere}.text del{color:var(--muted)}.text ins{text-decoration:underline 2px;text-decoration-color:var(--accent);font-weight:550}
dl{display:grid;grid-template-columns:minmax(0,auto) minmax(0,1fr);gap:6px 16px;margin:0 0 16px;font-size:15px}dt{color:var(--muted)}dd{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}
summary{min-height:44px;padding:10px 0;cursor:pointer;font-weight:550}details{border-top:1px solid var(--line);margin-top:18px}button.quiet{color:var(--text);background:transparent;border:1px solid var(--edge)}
.acts{display:flex;flex-wrap:wrap;gap:12px;align-items:center}button{font:inherit;font-weight:600;color:var(--accent-ink);background:var(--accent);border:0;border-radius:8px;padding:10px 22px;min-height:44px;cursor:pointer}
.acts a{padding:10px 4px}.as{margin:16px 0 0}@media(max-width:600px){dl{display:block}dd{margin:0 0 10px}main{padding:20px 14px}.card{padding:18px 16px}button{flex:1 0 100%}}`;

const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");
/** What the page may do: show itself, and send its form here. */
export const LINK_PAGE_POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

type Html = ReturnType<typeof html>;

/** A page of one question or one answer, as text; `content` is escaped where it was made. */
export async function linkFrame(title: string, content: Html): Promise<string> {
  const head = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><meta name="color-scheme" content="light dark"><title>${title} · Muster</title><style>`;
  const body = html`</style></head><body><main><div class="card">${content}</div></main></body></html>
`;
  // The style stands as it is: its hash is in the policy.
  return `${await head}${STYLE}${await body}`;
}
