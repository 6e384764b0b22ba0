export { listActionItems } from "./action-item-queries.ts";
export { changeActionItem, createActionItem, deleteActionItem } from "./change-action-items.ts";
export { changePostmortem } from "./change-postmortem.ts";
export type { PostmortemDocuments } from "./documents.ts";
export { addFollowUps } from "./keep-follow-ups.ts";
export { registerPostmortem, requestPostmortem } from "./open-postmortem.ts";
export { readPostmortem } from "./postmortem-queries.ts";
