import type { Documents } from "#/server/documents/index.ts";

/** What a postmortem needs of the shared documents beside creating its own. */
export type PostmortemDocuments = Pick<Documents, "read">;
