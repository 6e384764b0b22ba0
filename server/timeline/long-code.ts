import { element, type Node, textNode, textOf } from "./html-tree.ts";

/** A block of this many lines or characters is read where it stands; a longer one is a log. */
const LINES_MAX = 40;
const LENGTH_MAX = 4_000;
/** What a log shows of itself until it is opened. */
const LINES_SHOWN = 12;
const LENGTH_SHOWN = 1_200;

function start(text: string): string {
  return text.split("\n", LINES_SHOWN).join("\n").slice(0, LENGTH_SHOWN).toWellFormed();
}

function howMuch(text: string): string {
  const lines = text.trimEnd().split("\n").length;
  return lines > 1 ? `${lines.toLocaleString("en-GB")} lines` : `${text.length.toLocaleString("en-GB")} characters`;
}

/**
 * A block of code as it is shown: a long one as its first lines and a disclosure that holds all of it, which browsers
 * neither lay out nor paint before it is opened, and open by themselves when a search finds something in it. Pure.
 */
export function foldedCode(pre: Node): Node[] {
  const text = textOf(pre);
  if (text.length <= LENGTH_MAX && text.split("\n", LINES_MAX + 2).length <= LINES_MAX + 1) return [pre];
  const summary = element("summary", {}, [
    element("span", {}, [textNode(`Show all ${howMuch(text)}`)]),
    element("span", {}, [textNode("Show less")]),
  ]);
  return [
    element("pre", { tabIndex: 0 }, [textNode(`${start(text)}\n…`)]),
    element("details", { className: ["long-code"] }, [summary, pre]),
  ];
}
