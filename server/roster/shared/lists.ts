/** The roles every incident has; a team may add its own. */
export const incidentRoles = ["commander", "operations", "communications", "scribe"] as const;
export const ROLE_NAME_LENGTH_MAX = 40;
/** One commander can lead about seven people; twelve roles leave room for sub-teams. */
export const ROLES_MAX = 12;
