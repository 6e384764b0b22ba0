export { type ApprovalAnswer, decideByApprovalLink, showApprovalLink } from "./approve-by-link.ts";
export { chooseReach, markShown, seeAllNotifications, seeNotification } from "./mark-notification.ts";
export { countUnseen, listNotifications, readNotification, waitingNotifications } from "./notification-queries.ts";
export { registerReaching } from "./reach-person.ts";
export { registerNotifications } from "./register-notifications.ts";
export { notify, settle } from "./store.ts";
export { registerMentions } from "./tell-mentioned.ts";
export { registerUpdateNotifications } from "./tell-of-updates.ts";
