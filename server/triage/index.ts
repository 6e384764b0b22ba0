export { decideByLink, type LinkAnswer, showLink } from "./decide-by-link.ts";
export { registerSourceEnds, tellSource } from "./end-at-source.ts";
export { renderLinkPage } from "./link-page.ts";
export { recordSeen } from "./record-seen.ts";
export { suggestMerge } from "./suggest-merge.ts";
export { registerDecisions } from "./tell-decision.ts";
export { registerTelling } from "./tell-people.ts";
export { readTold, retryTold } from "./told-queries.ts";
