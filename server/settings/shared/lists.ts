/** Who may read the status page: everybody, who has its link, or who is signed in. */
export const pageAccesses = ["public", "link", "sign_in"] as const;
export type PageAccess = (typeof pageAccesses)[number];

/** A logo is on every page that somebody opens, perhaps by a bad connection. */
export const LOGO_BYTES_MAX = 64 * 1024;
/** Pixels of a side; on the page it is 40 high. */
export const LOGO_SIDE_MAX = 2_000;
/** Kinds of images a logo may be. Not SVG: it is a document, and may hold scripts. */
export const logoTypes = ["image/png", "image/jpeg", "image/gif", "image/webp"] as const;
export type LogoType = (typeof logoTypes)[number];
