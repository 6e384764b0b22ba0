import { and, eq, isNull } from "drizzle-orm";
import { fileChunks, files } from "#/db/schema/index.ts";
import { isAtLeast, requireAbility } from "#/server/access/index.ts";
import { type Ctx, recordAudit, touchRoom } from "#/server/events/index.ts";
import { accessTo, lockIncident } from "#/server/incidents/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { requireFile } from "./file-queries.ts";

/**
 * Removes a file: its bytes go for good, and what points to it says that it was removed. One's own, or any as an administrator.
 *
 * One transaction with its line in the audit log.
 * @throws AppError "not_found" also when it was removed before, "forbidden"
 */
export async function removeFile(ctx: Ctx, input: { incident: string; fileId: string }): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const incident = await lockIncident(tx, ctx, input.incident);
    requireAbility(ctx.actor, "files.delete", await accessTo(tx, ctx, incident));
    const file = await requireFile(tx, ctx, input);
    if (ctx.actor.kind === "user" && file.addedById !== ctx.actor.userId && !isAtLeast(ctx.actor.role, "admin")) {
      throw new AppError("forbidden", "Only who added a file or an administrator removes it.");
    }
    const removed = await tx
      .update(files)
      .set({ removedAt: ctx.now() })
      .where(and(eq(files.id, file.id), isNull(files.removedAt)))
      .returning({ id: files.id });
    if (removed.length === 0) throw new AppError("not_found", `The file ${file.name} was removed.`);
    await tx.delete(fileChunks).where(eq(fileChunks.fileId, file.id));
    await recordAudit(tx, ctx, {
      action: "file.removed",
      objectKind: "file",
      objectId: file.id,
      detail: { incident: incident.reference, name: file.name, size: file.sizeBytes, addedBy: file.addedByName },
    });
    await touchRoom(tx, ctx, file.incidentId, ["files"]);
  });
}
