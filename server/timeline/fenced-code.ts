const OPENING = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/;
/** Inside raw HTML a fence is none, so nothing is left out there. */
const RAW_HTML = /^ {0,3}</m;
/** More blocks than this are no log but an attempt to be slow. */
const BLOCKS_MAX = 200;

/**
 * A text without its fenced blocks of code: those are taken as they are, so however long they cost nothing to parse.
 * Unsure, it leaves out too little. Linear in the text. Pure.
 */
export function withoutFencedCode(markdown: string): string {
  if (RAW_HTML.test(markdown)) return markdown;
  const prose: string[] = [];
  let fence: string | null = null;
  let blocks = 0;
  for (const line of markdown.split("\n")) {
    const [, mark] = OPENING.exec(line) ?? [];
    if (fence === null && mark !== undefined) {
      fence = mark;
      blocks += 1;
    } else if (fence === null) prose.push(line);
    else if (mark?.startsWith(fence) && line.trim() === mark) fence = null;
  }
  return blocks > BLOCKS_MAX ? markdown : prose.join("\n");
}
