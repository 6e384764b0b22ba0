import { type DocumentKind, documentKinds } from "./shared/lists.ts";

export {
  closeCodes,
  type DocumentKind,
  FRAME_BYTES_MAX,
  MESSAGE_BARRIER,
  MESSAGE_NOTICE,
  UPDATE_BYTES_MAX,
} from "./shared/lists.ts";

/** A document's name as clients say it: the incident (id or reference) and the kind. */
export type DocumentName = { incident: string; kind: DocumentKind };

const NAME = /^incidents\/([A-Za-z0-9-]{1,64})\/([a-z]+)$/;

/** Reads `incidents/INC-42/notes`; null for anything else. */
export function parseDocumentName(name: string): DocumentName | null {
  const [, incident, kind] = NAME.exec(name) ?? [];
  const known = documentKinds.find((candidate) => candidate === kind);
  return incident && known ? { incident, kind: known } : null;
}
