/** The shared documents of an incident; the root of each is in the contract's §4. */
export const documentKinds = ["notes", "summary", "update", "postmortem"] as const;
export type DocumentKind = (typeof documentKinds)[number];
/** One Yjs update; a 64 KiB note pasted in one go fits four times. */
export const UPDATE_BYTES_MAX = 256 * 1024;
/** One WebSocket frame: a first sync may carry many updates. */
export const FRAME_BYTES_MAX = 1024 * 1024;
/** Frames of one connection that are handled at full speed, per second. */
export const FRAMES_PER_SECOND = 50;
/** One entry of presence: name, colour, cursor. */
export const PRESENCE_BYTES_MAX = 1024;
export const PEOPLE_PER_ROOM_MAX = 500;

/** Custom messages beside y-websocket's own (0 sync, 1 awareness, 3 query). */
export const MESSAGE_BARRIER = 120;
export const MESSAGE_NOTICE = 121;

/** Why a connection was closed; 4400–4499 are final, 4503 means come back later. */
export const closeCodes = {
  signedOut: 4401,
  forbidden: 4403,
  notFound: 4404,
  epochChanged: 4409,
  roleChanged: 4410,
  tooLarge: 4413,
  invalid: 4422,
  comeBackLater: 4503,
} as const;
