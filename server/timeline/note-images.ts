import { fileOfPath } from "#/server/files/shared/file-link.ts";
import { element, type Node, textNode } from "./html-tree.ts";

function isOwn(src: unknown, incidentId: string): boolean {
  return fileOfPath(src)?.incidentId === incidentId;
}

function shown(image: Node, incidentId: string, isInLink: boolean): Node {
  const { src, alt } = image.properties ?? {};
  const words = String(alt || src || "image");
  if (isOwn(src, incidentId)) return element("img", { src, alt: words }, []);
  // A link inside a link is none: its words are enough.
  return isInLink ? textNode(words) : element("a", { href: src }, [textNode(words)]);
}

/**
 * Leaves images of this incident's own files, and makes links of all others: looking at a note asks no other
 * server for anything, and tells nobody that it was read.
 */
export function linkForeignImages(node: Node, incidentId: string, isInLink = false): void {
  const isLink = isInLink || node.tagName === "a";
  if (!node.children) return;
  node.children = node.children.map((child) => {
    if (child.tagName === "img") return shown(child, incidentId, isLink);
    linkForeignImages(child, incidentId, isLink);
    return child;
  });
}
