import type { BrowserContext, Page } from "@playwright/test";

/** Sets this when any script of the corpus runs, wherever. */
const FLAG = "__ran";
const RUN = `window.${FLAG}=1`;

/** What people with bad intent put into every field: markup, links, Slack's words for everybody, headers, formulas. */
export const injections: readonly string[] = [
  `<script>${RUN}</script>`,
  `"><img src=x onerror=${RUN}>`,
  `' onmouseover='${RUN}' autofocus onfocus='${RUN}' x='`,
  `</title></style></textarea></script><svg onload=${RUN}>`,
  `<iframe srcdoc="<script>parent.${FLAG}=1</script>"></iframe>`,
  `]]><script xmlns="http://www.w3.org/1999/xhtml">${RUN}</script><![CDATA[`,
  `<a href="javascript:${RUN}">x</a> [x](javascript:${RUN}) ![x](x"onerror="${RUN})`,
  `<style>@import url(//evil.example/x.css)</style><base href=//evil.example/><meta http-equiv=refresh content="0;url=//evil.example">`,
  `{{constructor.constructor('${RUN}')()}} \${${RUN}} <%= ${RUN} %>`,
  `<!channel> <!here> <!everyone> <@U012AB3CD> <https://evil.example|click here>`,
  `x\r\nBcc: evil@example.com\r\nContent-Type: text/html\r\n\r\n<script>${RUN}</script>`,
  `=HYPERLINK("http://evil.example","x")`,
  `\u202Egnp.exe\u2066 \u0000\u0008\uFFFF &lt;script&gt;${RUN}&lt;/script&gt; &#60;script&#62;`,
];

/** All of them as one text that a field of this length takes, each on a line of its own. */
export function injectionsIn(lengthMax: number, from = 0): string {
  const lines: string[] = [];
  for (let at = 0; at < injections.length; at += 1) {
    const line = injections[(from + at) % injections.length] ?? "";
    if ([...lines, line].join("\n").length <= lengthMax) lines.push(line);
  }
  return lines.join("\n");
}

/** What a browser says against its pages: scripts that ran, and what a policy had to stop. */
export async function watch(context: BrowserContext): Promise<{ reports: string[]; look(page: Page): Promise<void> }> {
  const reports: string[] = [];
  await context.exposeBinding("reportViolation", ({ page }, text: string) => reports.push(`${page.url()}: ${text}`));
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const told = `${event.violatedDirective} ${event.blockedURI} ${event.sample}`;
      (window as unknown as { reportViolation(text: string): void }).reportViolation(told);
    });
  });
  context.on("dialog", (dialog) => {
    reports.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  context.on("request", (request) => {
    if (new URL(request.url()).hostname.endsWith("evil.example")) reports.push(`a request to ${request.url()}`);
  });
  return {
    reports,
    async look(page) {
      const ran = await page.evaluate((flag) => flag in window, FLAG);
      if (ran) reports.push(`${page.url()}: a script ran`);
    },
  };
}
