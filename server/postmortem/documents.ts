import { prosemirrorJSONToYXmlFragment, yXmlFragmentToProsemirrorJSON } from "@tiptap/y-tiptap";
import { and, eq } from "drizzle-orm";
import * as Y from "yjs";
import { afterCommit, type Sql } from "#/db/client.ts";
import { documents as documentRows } from "#/db/schema/index.ts";
import { createDocument, type Documents } from "#/server/documents/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { messageOf } from "#/server/platform/errors.ts";
import type { ContentNode } from "./shared/content.ts";
import { POSTMORTEM_ROOT, postmortemSchema } from "./shared/schema.ts";

/** What a postmortem needs of the shared documents. */
export type PostmortemDocuments = Pick<Documents, "read" | "edit">;

/** The text of a postmortem's document as ProseMirror JSON. */
export function contentOf(doc: Y.Doc): ContentNode {
  return yXmlFragmentToProsemirrorJSON(doc.getXmlFragment(POSTMORTEM_ROOT)) as ContentNode;
}

function write(doc: Y.Doc, content: ContentNode): void {
  prosemirrorJSONToYXmlFragment(postmortemSchema, content, doc.getXmlFragment(POSTMORTEM_ROOT));
}

/** The one update that a new postmortem's document starts with: clients never seed. */
export function initialUpdate(content: ContentNode): Uint8Array {
  const doc = new Y.Doc();
  // Checked here, for an editor would delete what the schema does not know.
  postmortemSchema.nodeFromJSON(content).check();
  write(doc, content);
  return Y.encodeStateAsUpdate(doc);
}

/** Adds the first text below what is there already. */
function append(ctx: Ctx, documents: PostmortemDocuments, incidentId: string, content: ContentNode): void {
  documents
    .edit(ctx, { incidentId, kind: "postmortem" }, (doc) => {
      const before = contentOf(doc).content ?? [];
      write(doc, { ...content, content: [...before, ...(content.content ?? [])] });
    })
    .catch((error) => ctx.log.error({ incidentId, error: messageOf(error) }, "a postmortem could not be filled"));
}

/**
 * Writes the first text of a postmortem, in the caller's transaction.
 * A client that asked for the document before there was a postmortem has made an empty one: that is filled right
 * after the commit, through whoever has it open.
 */
export async function seedDocument(
  tx: Sql,
  ctx: Ctx,
  documents: PostmortemDocuments,
  { incidentId, content }: { incidentId: string; content: ContentNode },
): Promise<void> {
  const kind = "postmortem";
  const [existing] = await tx
    .select({ id: documentRows.id })
    .from(documentRows)
    .where(and(eq(documentRows.incidentId, incidentId), eq(documentRows.kind, kind)));
  if (existing) afterCommit(() => append(ctx, documents, incidentId, content));
  else await createDocument(tx, ctx, { incidentId, kind, initial: initialUpdate(content) });
}
