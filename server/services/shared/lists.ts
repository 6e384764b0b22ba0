/** The name that alerts carry in a label. */
export const SERVICE_NAME_LENGTH_MAX = 100;
export const SERVICE_DESCRIPTION_LENGTH_MAX = 1_000;
export const SERVICE_TEAM_LENGTH_MAX = 100;
/** Other names of a service: a handful of tools, each with its own. */
export const SERVICE_ALIASES_MAX = 20;
/** As many as an incident can hold of all its links. */
export const SERVICE_LINKS_MAX = 20;
export const SERVICE_LINK_TITLE_LENGTH_MAX = 150;
export const SERVICE_URL_LENGTH_MAX = 2_000;
/** What one service needs directly; a longer list is a platform, which is a service of its own. */
export const SERVICE_DEPENDENCIES_MAX = 50;

/** How much a service matters, the most first. */
export const serviceTiers = [1, 2, 3, 4] as const;
export type ServiceTier = (typeof serviceTiers)[number];

export const serviceLinkKinds = ["dashboard", "repository", "chat", "docs", "other"] as const;
export type ServiceLinkKind = (typeof serviceLinkKinds)[number];

/** A catalogue is read and compared as a whole, in one transaction. */
export const CATALOGUE_SERVICES_MAX = 500;
/** Five hundred services with links, and some runbooks. */
export const CATALOGUE_BYTES_MAX = 1024 * 1024;
