import { html } from "hono/html";

type Operation = {
  summary?: string;
  tags?: string[];
  parameters?: { name: string; in: string; required?: boolean }[];
  requestBody?: { content?: Record<string, { schema?: unknown }> };
  responses?: Record<string, { description?: string }>;
};
type Described = { paths?: object };

const METHODS = ["get", "post", "put", "patch", "delete"];

const style = `
:root{color-scheme:light dark;--bg:#f6f7f9;--panel:#fff;--line:#dfe4ea;--text:#14191f;--muted:#515c69;--accent:#0a6aa8}
@media(prefers-color-scheme:dark){:root{--bg:#0d1014;--panel:#14181e;--line:#262d37;--text:#e8ebef;--muted:#9aa5b3;--accent:#56b4e9}}
body{margin:0;background:var(--bg);color:var(--text);font:15px/1.5 system-ui,sans-serif}
main{max-width:860px;overflow-wrap:anywhere;margin:0 auto;padding:32px 16px 64px}h1{font-size:22px}h2{font-size:13px;letter-spacing:.06em;text-transform:uppercase;color:var(--muted);margin:32px 0 8px}
details{background:var(--panel);border:1px solid var(--line);border-radius:8px;margin:6px 0;padding:0 12px}summary{padding:10px 0;cursor:pointer;display:flex;gap:12px;flex-wrap:wrap;align-items:baseline}
code{font:13px ui-monospace,Menlo,Consolas,monospace;overflow-wrap:anywhere}summary b{font:600 12px ui-monospace,monospace;min-width:52px;color:var(--accent)}summary span{color:var(--muted)}
pre{overflow:auto;background:var(--bg);border:1px solid var(--line);border-radius:6px;padding:10px;font-size:12.5px}a{color:var(--accent)}`;

function operation(method: string, path: string, described: Operation) {
  const body = Object.values(described.requestBody?.content ?? {})[0]?.schema;
  const parameters = (described.parameters ?? []).map((p) => `${p.name} (${p.in}${p.required ? ", required" : ""})`);
  const answers = Object.entries(described.responses ?? {}).map(([status, r]) => `${status}: ${r.description ?? ""}`);
  return html`<details>
    <summary><b>${method.toUpperCase()}</b><code>/api/v1${path}</code><span>${described.summary ?? ""}</span></summary>
    ${parameters.length > 0 ? html`<p>Parameters: ${parameters.join(", ")}</p>` : ""}
    ${body ? html`<p>Body:</p><pre>${JSON.stringify(body, null, 2)}</pre>` : ""}
    <p>Answers: ${answers.join(" · ")}</p>
  </details>`;
}

/** The API for people: every route with its parameters, body and answers, from the OpenAPI document. */
export function docsPage(document: Described) {
  const groups = new Map<string, ReturnType<typeof operation>[]>();
  for (const [path, methods] of Object.entries((document.paths ?? {}) as Record<string, Record<string, unknown>>)) {
    for (const method of METHODS) {
      const described = methods[method] as Operation | undefined;
      if (!described) continue;
      const tag = described.tags?.[0] ?? "Other";
      groups.set(tag, [...(groups.get(tag) ?? []), operation(method, path, described)]);
    }
  }
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Muster API</title><style>${style}</style></head>
<body><main><h1>Muster API</h1>
<p>Send <code>Authorization: Bearer &lt;token&gt;</code>; tokens are made in Settings → API tokens. Errors are RFC 9457 problem documents.
Lists answer <code>{items, nextCursor}</code>. The whole description: <a href="/api/v1/openapi.json">openapi.json</a>.</p>
${[...groups].map(([tag, list]) => html`<h2>${tag}</h2>${list}`)}
</main></body></html>`;
}
