import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { type Action, can, type UserActor } from "#/server/access/index.ts";
import { closeCodes, type DocumentKind } from "#/server/documents/contract.ts";
import { type DocumentName, parseDocumentName } from "#/server/documents/index.ts";
import type { Core } from "#/server/events/index.ts";
import { accessTo, findIncident } from "#/server/incidents/index.ts";
import { isAppError } from "#/server/platform/errors.ts";

/** Who asks, by a session's cookie or a token; null for nobody. @throws Error when it cannot be found out */
export type ActorFrom = (headers: IncomingHttpHeaders, url: string) => Promise<UserActor | null>;

/** Somebody who wants into a document, as the request said it. */
export type Applicant = {
  headers: IncomingHttpHeaders;
  /** Path and query; a token may be in it, so no log gets to see it. */
  url: string;
  name: DocumentName;
  /** The history that the client's copy belongs to, if it has one. */
  epoch: number | null;
  /** It wants the notice `joined`; plain providers print a line for what they do not know. */
  wantsHello: boolean;
};
/** What somebody may do there. */
export type Rights = { actor: UserActor; incidentId: string; canWrite: boolean };

const PREFIX = "/sync/";
/** What writing in each kind of document asks for. */
const writeActions: Record<DocumentKind, Action> = {
  notes: "timeline.write",
  summary: "incidents.write",
  update: "updates.publish",
  postmortem: "postmortem.write",
};

/** The document that a request names; null when it names none. */
export function applicantOf(request: IncomingMessage): Applicant | null {
  const { headers, url = "" } = request;
  if (!url.startsWith(PREFIX) || !URL.canParse(url, "http://sync")) return null;
  const { pathname, searchParams } = new URL(url, "http://sync");
  const name = parseDocumentName(pathname.slice(PREFIX.length));
  const epoch = searchParams.has("epoch") ? Number(searchParams.get("epoch")) : null;
  return name ? { headers, url, name, epoch, wantsHello: searchParams.has("hello") } : null;
}

/** What an applicant may do now, or the close code that says why nothing. @throws Error when it cannot be found out */
export async function rightsOf(core: Core, actorFrom: ActorFrom, applicant: Applicant): Promise<Rights | number> {
  const actor = await actorFrom(applicant.headers, applicant.url);
  if (!actor) return closeCodes.signedOut;
  try {
    const row = await findIncident(core.db.read, { actor }, applicant.name.incident);
    const access = await accessTo(core.db.read, { actor }, row);
    if (!can(actor, "incidents.read", access)) return closeCodes.forbidden;
    return { actor, incidentId: row.id, canWrite: can(actor, writeActions[applicant.name.kind], access) };
  } catch (error) {
    if (isAppError(error) && error.code === "not_found") return closeCodes.notFound;
    throw error;
  }
}
