import type { files } from "#/db/schema/index.ts";
import type { FileView } from "./contract.ts";
import { filePath } from "./shared/file-link.ts";

export type FileRow = typeof files.$inferSelect;

/** A file as it leaves the server; its bytes are read apart. */
export function presentFile(row: FileRow): FileView {
  return {
    id: row.id,
    name: row.name,
    type: row.type,
    size: row.sizeBytes,
    width: row.width,
    height: row.height,
    url: filePath(row.incidentId, row.id),
    addedBy: { id: row.addedById, name: row.addedByName },
    createdAt: row.createdAt.toISOString(),
  };
}
