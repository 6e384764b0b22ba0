/** One node of the postmortem's text as ProseMirror writes it in JSON. */
export type ContentNode = {
  type: string;
  attrs?: Record<string, unknown>;
  content?: ContentNode[];
  text?: string;
  marks?: ContentMark[];
};
export type ContentMark = { type: string; attrs?: Record<string, unknown> };

/** Text with marks, one of a kind at most. ProseMirror knows no empty text: an empty string gives no node. */
export function text(value: string, ...marks: ContentMark[]): ContentNode[] {
  if (value === "") return [];
  const unlike = marks.filter((mark, index) => marks.findIndex((other) => other.type === mark.type) === index);
  return [{ type: "text", text: value, ...(unlike.length > 0 && { marks: unlike }) }];
}

export const bold: ContentMark = { type: "bold" };
export const italic: ContentMark = { type: "italic" };
export const code: ContentMark = { type: "code" };

/** The mark of a link. */
export function link(href: string): ContentMark {
  return { type: "link", attrs: { href } };
}

/** A paragraph; without content it is an empty line to write on. */
export function paragraph(...content: ContentNode[][]): ContentNode {
  const inline = content.flat();
  return { type: "paragraph", ...(inline.length > 0 && { content: inline }) };
}

/** A heading of level 1 to 3. */
export function heading(level: 1 | 2 | 3, title: string): ContentNode {
  return { type: "heading", attrs: { level }, content: text(title) };
}

/** A list with bullets; every item starts with a paragraph, as the schema wants it. */
export function bulletList(items: readonly (readonly ContentNode[])[]): ContentNode {
  return {
    type: "bulletList",
    content: items.map((blocks) => ({
      type: "listItem",
      content: blocks[0]?.type === "paragraph" ? [...blocks] : [paragraph(), ...blocks],
    })),
  };
}
