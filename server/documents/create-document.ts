import * as Y from "yjs";
import type { Sql } from "#/db/client.ts";
import { userIdOf } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { emptyDocument } from "./roots.ts";
import type { DocumentKind } from "./shared/lists.ts";
import { appendUpdates, insertClients, insertDocument, statementsOf } from "./store.ts";

export type NewDocument = {
  incidentId: string;
  kind: DocumentKind;
  /** The first content: an update (V1), or what writes it into the empty document. */
  initial?: Uint8Array | ((doc: Y.Doc) => void);
};

/**
 * Adds a shared document to an incident, with its first content, in the caller's transaction.
 *
 * Safe to repeat: a document that exists stays as it is. Projections do not run: the caller writes its own rows.
 */
export async function createDocument(tx: Sql, ctx: Ctx, { incidentId, kind, initial }: NewDocument): Promise<void> {
  const row = await insertDocument(tx, incidentId, kind);
  if (!row || !initial) return;
  const doc = emptyDocument(kind);
  if (initial instanceof Uint8Array) Y.applyUpdate(doc, initial);
  else doc.transact(() => initial(doc));
  const clients = [...Y.decodeStateVector(Y.encodeStateVector(doc)).keys()];
  if (clients.length === 0) return;
  const rows = [{ bytes: Y.encodeStateAsUpdate(doc), authorId: userIdOf(ctx.actor) }];
  const append = { documentId: row.id, epoch: row.epoch, rows, isProjected: true };
  await appendUpdates(statementsOf(tx), [append], ctx.now());
  await insertClients(
    tx,
    row.id,
    clients.map((clientId) => ({ clientId, userId: null })),
  );
}
