import { createHash } from "node:crypto";
import { accentOf } from "#/server/settings/shared/accent.ts";
import { BARS_STYLE } from "./bars.ts";

/** Both themes by the reader's own setting, no script, no foreign font. */
const STYLE = `:root{color-scheme:light dark;--bg:#f6f7f9;--panel:#fff;--raised:#f1f3f6;--line:#dfe4ea;--edge:#7f8b99;--text:#14191f;--muted:#515c69;--accent:#0a6aa8;--accent-ink:#fff;
--ok:#0b7355;--ok-bg:#e2f4ee;--warn:#8f5f00;--warn-bg:#fbf1da;--bad:#c23a08;--bad-bg:#fdeae3;--info:#0a6aa8;--info-bg:#e3f0f9;
--font:"Inter Variable",Inter,ui-sans-serif,system-ui,"Segoe UI",Roboto,sans-serif}
@media(prefers-color-scheme:dark){:root{--bg:#0d1014;--panel:#14181e;--raised:#1a1f27;--line:#262d37;--edge:#667587;--text:#e8ebef;--muted:#9aa5b3;--accent:#56b4e9;--accent-ink:#06202f;
--ok:#3fbf95;--ok-bg:#0f2a22;--warn:#e69f00;--warn-bg:#2e2206;--bad:#ff6b3d;--bad-bg:#35170d;--info:#56b4e9;--info-bg:#0b2434}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:400 16px/1.55 var(--font);font-variant-numeric:tabular-nums;-webkit-text-size-adjust:100%}
.wrap{max-width:780px;margin:0 auto;padding:40px 20px 56px}
a{color:var(--accent);text-underline-offset:3px}
h1,h2,h3,p{margin:0}
h1{font-size:24px;line-height:1.3;letter-spacing:-.015em}
h2{font-size:17px;letter-spacing:-.01em;margin:0 0 12px}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:4px}
.skip{position:absolute;left:-999px}.skip:focus{left:12px;top:12px;background:var(--panel);padding:8px 12px}
header{display:flex;align-items:center;justify-content:space-between;gap:16px;margin-bottom:28px}
.logo{display:block;max-width:min(240px,50vw);max-height:40px;width:auto;height:auto}
@media(prefers-color-scheme:dark){.logo{background:#fff;border-radius:6px;padding:4px 6px;max-height:48px}}
.stored{border:1px dashed var(--edge);border-radius:12px;padding:12px 22px;margin:0 0 16px;font-size:15px}
.more{margin-top:12px}.ways{justify-content:space-between;border-top:1px solid var(--line);padding-top:8px}
.feeds{list-style:none;margin:0;padding:0}.feeds li{padding:6px 0;overflow-wrap:anywhere}.feeds a{margin-left:8px;padding:4px}
header .name{font-size:20px;font-weight:650;letter-spacing:-.015em}header .name a{color:inherit;text-decoration:none}
nav{display:flex;gap:4px}nav a{padding:10px 12px;font-size:15px;text-decoration:none}nav a:hover{text-decoration:underline}
section,article{margin:0 0 36px}
.muted,time,small{color:var(--muted);font-size:14px}
.ok{color:var(--ok)}.info{color:var(--info)}.warn{color:var(--warn)}.bad{color:var(--bad)}
.now{display:flex;gap:16px;align-items:center;padding:20px 22px;border-radius:12px;border:1px solid currentColor;margin:0 0 32px}
.now.ok{background:var(--ok-bg)}.now.info{background:var(--info-bg)}.now.warn{background:var(--warn-bg)}.now.bad{background:var(--bad-bg)}
.now .sign{font-size:22px;line-height:1;flex:none}
.now h1{font-size:21px;line-height:1.3;letter-spacing:-.015em;color:var(--text)}.now p{color:var(--muted);font-size:14px}
.card{border:1px solid var(--line);border-radius:12px;background:var(--panel);padding:20px 22px}
.card+.card{margin-top:-20px}
.incident h2{font-size:19px;margin:0}.incident h2 a{color:inherit;text-decoration:none}.incident h2 a:hover{text-decoration:underline}
.meta{margin-top:2px}
.log{list-style:none;margin:18px 0 0;padding:0 0 0 20px;border-left:2px solid var(--line)}
.log li{position:relative;margin:0 0 18px}.log li:last-child{margin:0}
.log li::before{content:"";position:absolute;left:-26px;top:8px;width:10px;height:10px;border-radius:50%;background:var(--edge);box-shadow:0 0 0 3px var(--panel)}
.now~section .log li:first-child::before{background:var(--warn)}.log li.resolved::before{background:var(--ok)}
.log b{margin-right:8px;font-weight:650}
.body{white-space:pre-line;overflow-wrap:anywhere}
.tag{display:inline-block;border:1px solid var(--line);border-radius:5px;background:var(--raised);padding:0 7px;font-size:13px;color:var(--muted)}
.components{list-style:none;margin:0;padding:4px 22px;border:1px solid var(--line);border-radius:12px;background:var(--panel)}
.components>li{padding:16px 0}.components>li+li{border-top:1px solid var(--line)}
.row{display:flex;justify-content:space-between;align-items:baseline;gap:16px}
.row .what{font-weight:600;overflow-wrap:anywhere}.row .state{font-size:15px;font-weight:550;flex:none}
details>.row{cursor:pointer;padding:0}.group{list-style:none;margin:8px 0 0;padding:0 0 0 16px;border-left:2px solid var(--line)}.group>li{padding:12px 0}
.bars{overflow:hidden;margin:10px 0 4px}.bars svg{display:block;width:100%;height:28px}
.scale{display:flex;justify-content:space-between;font-size:13px;color:var(--muted)}.scale .m{display:none}
.days{margin:0;padding:0;list-style:none}
.days>li{display:grid;grid-template-columns:128px 1fr;gap:4px 18px;padding:13px 0;border-top:1px solid var(--line)}
.days h3{color:var(--muted);font-size:14px;font-weight:600;line-height:1.6}.days .muted{line-height:1.7}
.past{margin:0 0 12px}.past:last-child{margin:0}.past a{font-weight:600;text-decoration:none}.past a:hover{text-decoration:underline}
form{display:flex;flex-wrap:wrap;gap:10px;align-items:flex-end;margin-top:12px}
label{font-size:15px;font-weight:550}
.field{flex:1 1 240px;display:flex;flex-direction:column;gap:4px}
input[type=email],input[type=url]{font:inherit;color:inherit;background:var(--bg);border:1px solid var(--edge);border-radius:8px;padding:10px 12px;min-height:44px;width:100%}
button{font:inherit;font-weight:600;color:var(--accent-ink);background:var(--accent);border:0;border-radius:8px;padding:10px 18px;min-height:44px;cursor:pointer}
details{flex:1 0 100%}summary{cursor:pointer;font-size:15px;padding:8px 0}
fieldset{border:0;margin:0;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(200px,1fr));gap:2px 16px}
fieldset label{display:flex;gap:10px;align-items:center;min-height:36px;font-weight:400}
footer{border-top:1px solid var(--line);margin-top:48px;padding-top:16px;color:var(--muted);font-size:14px;display:flex;align-items:center;gap:6px 18px;flex-wrap:wrap}
footer a{padding:6px 0}
@media(max-width:600px){.wrap{padding:20px 16px 40px}header{margin-bottom:20px}nav a{padding:10px 8px}.card,.components{padding-left:16px;padding-right:16px}.now{padding:16px}
.bars svg{width:300%;margin-left:-200%}.scale .l{display:none}.scale .m{display:inline}.days>li{grid-template-columns:1fr}.log{padding-left:16px}.log li::before{left:-22px}form button{flex:1 0 100%}}
@media print{nav,form,#subscribe{display:none}}
`;

/** The look of the public page, with the colour that its owner chose, if any, as each theme can show it. Pure. */
export function styleOf(color: string | null): string {
  if (!color) return `${STYLE}${BARS_STYLE}`;
  const [light, dark] = (["light", "dark"] as const).map((theme) => {
    const accent = accentOf(color, theme);
    return `:root{--accent:${accent.color};--accent-ink:${accent.ink}}`;
  });
  return `${STYLE}${BARS_STYLE}${light}@media(prefers-color-scheme:dark){${dark}}`;
}

/** The style's path; a new style gets a new name, so that an old page never meets a new one. Pure. */
export function stylePath(color: string | null): string {
  return `/status/style.${createHash("sha256").update(styleOf(color)).digest("hex").slice(0, 10)}.css`;
}
