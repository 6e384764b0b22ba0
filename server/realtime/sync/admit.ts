import type { IncomingMessage } from "node:http";
import { closeCodes } from "#/server/documents/contract.ts";
import type { Documents, OpenRoom } from "#/server/documents/index.ts";
import type { Core } from "#/server/events/index.ts";
import { type ActorFrom, type Applicant, applicantOf, type Rights, rightsOf } from "./rights.ts";

export type Admitted = { applicant: Applicant; rights: Rights; open: OpenRoom };

type Admission = {
  core: Core;
  documents: Documents;
  actorFrom: ActorFrom;
  request: IncomingMessage;
  /** Rises with each change of anybody's rights. */
  rightsVersion(): number;
};

/** Rights that change this often while somebody joins are not going to settle in time. */
const TRIES_MAX = 5;

/**
 * Decides about an upgrade: the document, loaded, with the rights as they are at the end, or a close code.
 *
 * Rights are read again after the load, and again when they changed while they were read.
 */
export async function admit({
  core,
  documents,
  actorFrom,
  request,
  rightsVersion,
}: Admission): Promise<Admitted | number> {
  const applicant = applicantOf(request);
  if (!applicant) return closeCodes.notFound;
  const first = await rightsOf(core, actorFrom, applicant);
  if (typeof first === "number") return first;
  const open = await documents.open({ incidentId: first.incidentId, kind: applicant.name.kind });
  try {
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const version = rightsVersion();
      const rights = await rightsOf(core, actorFrom, applicant);
      if (rightsVersion() !== version) continue;
      const code = typeof rights === "number" ? rights : epochCode(applicant, open);
      if (typeof rights !== "number" && code === null) return { applicant, rights, open };
      open.release();
      return code ?? closeCodes.comeBackLater;
    }
  } catch (error) {
    open.release();
    throw error;
  }
  open.release();
  return closeCodes.comeBackLater;
}

/** A copy of a history that was replaced must not be merged into the new one. */
function epochCode({ epoch }: Applicant, { room }: OpenRoom): number | null {
  return epoch === null || epoch === room.options.epoch ? null : closeCodes.epochChanged;
}
