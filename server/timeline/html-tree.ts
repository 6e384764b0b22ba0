/** What of a node of HTML is looked at here. */
export type Node = {
  type: string;
  tagName?: string;
  value?: string;
  properties?: Record<string, unknown>;
  children?: Node[];
};

export function element(tagName: string, properties: Record<string, unknown>, children: Node[]): Node {
  return { type: "element", tagName, properties, children };
}

export function textNode(value: string): Node {
  return { type: "text", value };
}

/** All words below a node. */
export function textOf(node: Node): string {
  if (node.value !== undefined) return node.value;
  return (node.children ?? []).map(textOf).join("");
}
