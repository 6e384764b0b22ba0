import type { Documents } from "#/server/documents/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { messageOf } from "#/server/platform/errors.ts";
import { publishedLength } from "./shared/draft-text.ts";

/**
 * Takes what was published out of the incident's shared draft; what somebody wrote behind it meanwhile stays, and a
 * draft that was rewritten meanwhile stays whole.
 *
 * After the commit of the update and never a reason for it to fail: what cannot be taken out stays in the draft. Safe to repeat.
 */
export async function emptyDraft(ctx: Ctx, documents: Documents, incidentId: string, published: string): Promise<void> {
  await documents
    .edit(ctx, { incidentId, kind: "update" }, (doc) => {
      const text = doc.getText("text");
      const length = publishedLength(text.toString(), published);
      if (length > 0) text.delete(0, length);
    })
    .catch((error: unknown) => {
      ctx.log.warn({ incidentId, error: messageOf(error) }, "a published draft could not be emptied");
    });
}
