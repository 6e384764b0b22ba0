import type { Editor } from "@tiptap/core";
import { utcTime } from "#/server/postmortem/shared/format.ts";
import type { LinkedFile } from "./editor-handle.ts";

const HAPPENED = "what happened";

/** The place before the section that follows *What happened*, or the end of the text. */
function endOfWhatHappened(editor: Editor): number {
  const { doc } = editor.state;
  let isInside = false;
  let end = doc.content.size;
  let isFound = false;
  doc.forEach((node, offset) => {
    if (isFound || node.type.name !== "heading" || Number(node.attrs.level) > 2) return;
    if (isInside) {
      end = offset;
      isFound = true;
    } else isInside = node.textContent.trim().toLowerCase() === HAPPENED;
  });
  return end;
}

/** Puts a line of the record where the cursor is; before anybody has set one, at the end of what happened. */
export function insertLine(
  editor: Editor,
  line: { at: Date; text: string; files: readonly LinkedFile[]; hasCursor: boolean },
): void {
  const { $from } = editor.state.selection;
  const isAfterWord = line.hasCursor && /\S$/.test($from.parent.textBetween(0, $from.parentOffset, undefined, " "));
  const words = [
    ...(isAfterWord ? [{ type: "text", text: " " }] : []),
    { type: "text", marks: [{ type: "code" }], text: utcTime(line.at) },
    { type: "text", text: ` ${line.text}` },
    ...line.files.flatMap(({ name, url }) => [
      { type: "text", text: " " },
      { type: "text", marks: [{ type: "link", attrs: { href: url } }], text: name },
    ]),
  ];
  if (line.hasCursor) {
    editor.chain().focus().insertContent(words).scrollIntoView().run();
    return;
  }
  const item = { type: "listItem", content: [{ type: "paragraph", content: words }] };
  const place = endOfWhatHappened(editor);
  editor
    .chain()
    .insertContentAt(place, { type: "bulletList", content: [item] })
    .focus(place + 4)
    .scrollIntoView()
    .run();
}
