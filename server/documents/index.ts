export type { DocumentName } from "./contract.ts";
export { parseDocumentName } from "./contract.ts";
export { createDocument, type NewDocument } from "./create-document.ts";
export {
  createDocuments,
  type Documents,
  type DocumentTarget,
  type EditOptions,
  type OpenRoom,
  takeSeat,
} from "./documents.ts";
export { HISTORY_ROWS_MAX, type LoggedRow, replayLog } from "./history.ts";
export type { DocumentChange, ProjectionEvent, ProjectionHandler, Projections } from "./projections.ts";
export type { Room } from "./room.ts";
export { contentHash, documentFrom, notesOf, textOf } from "./roots.ts";
export type { Seat } from "./seat.ts";
export { UpdateRefused } from "./update-refused.ts";
