import { type Extensions, getSchema } from "@tiptap/core";
import { StarterKit } from "@tiptap/starter-kit";
import { fileOfPath } from "#/server/files/shared/file-link.ts";

/**
 * Raised when a node or mark is added or changes its meaning: editors delete what they do not know,
 * so a client of another version must load the page again before it may write.
 */
export const POSTMORTEM_SCHEMA_VERSION = 1;
/** The root of the shared document `postmortem`. */
export const POSTMORTEM_ROOT = "content";

const ALLOWED_SCHEMES = /^(https?:\/\/|mailto:)/i;

/** True for an address that a link of the postmortem may lead to: http, https, mailto, or a file of an incident. */
export function isAllowedLink(url: unknown): url is string {
  if (typeof url !== "string" || url.length > 2_000) return false;
  return ALLOWED_SCHEMES.test(url.trim()) || fileOfPath(url) !== null;
}

/** The one schema of every postmortem, for the editor and for the server: the same list on both sides. */
export function postmortemExtensions(): Extensions {
  return [
    StarterKit.configure({
      // Collaboration brings an undo that leaves the others' edits alone.
      undoRedo: false,
      underline: false,
      heading: { levels: [1, 2, 3] },
      link: {
        openOnClick: false,
        defaultProtocol: "https",
        isAllowedUri: (url) => isAllowedLink(url),
        HTMLAttributes: { rel: "noopener noreferrer nofollow", target: "_blank" },
      },
    }),
  ];
}

/** The ProseMirror schema of `postmortemExtensions`. */
export const postmortemSchema = getSchema(postmortemExtensions());
