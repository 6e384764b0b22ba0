/** What a person may do on the server, from most to least. */
export const serverRoles = ["owner", "admin", "responder", "viewer"] as const;
export type ServerRole = (typeof serverRoles)[number];
