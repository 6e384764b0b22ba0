import type { FileView } from "#/server/files/contract.ts";
import { fileOfPath } from "#/server/files/shared/file-link.ts";
import type { ContentNode } from "./shared/content.ts";

type Known = { incidentId: string; files: readonly FileView[]; publicUrl: string };

/**
 * A postmortem's text as it leaves the server: links to files say where the server is, and those to removed ones are
 * words that say so. Pure.
 */
export function withFileLinks(node: ContentNode, known: Known): ContentNode {
  const content = node.content?.map((child) => withFileLinks(child, known));
  const link = node.marks?.find(({ type }) => type === "link");
  const named = fileOfPath(link?.attrs?.href);
  if (!link || !named) return { ...node, ...(content && { content }) };
  const others = node.marks?.filter((mark) => mark !== link) ?? [];
  const isRemoved = named.incidentId === known.incidentId && !known.files.some(({ id }) => id === named.fileId);
  if (isRemoved) return { ...node, text: `${node.text ?? ""} (removed)`, marks: others };
  return { ...node, marks: [...others, { type: "link", attrs: { href: `${known.publicUrl}${link.attrs?.href}` } }] };
}
