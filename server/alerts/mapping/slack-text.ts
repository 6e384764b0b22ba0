const TEXT_LENGTH_MAX = 20_000;

/** Text in Slack's markup as plain words: `<https://x|High *CPU*> &amp; more` is `High CPU & more`. Pure. */
export function plainOfSlack(text: string): string {
  return text
    .slice(0, TEXT_LENGTH_MAX)
    .replace(/<([^<>|]*)\|([^<>]*)>/g, "$2")
    .replace(/<(?:[@#!][^<>]*|((?:https?|mailto):[^<>]*))>/g, "$1")
    .replace(/(^|[\s([])([*_~`])(?=\S)([^\n*_~`]*?\S)\2(?=$|[\s:;,.!?)\]])/gm, "$1$3")
    .replace(/^:[\w+-]{1,50}:\s*/, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .trim();
}
