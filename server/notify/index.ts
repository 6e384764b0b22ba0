export { type BounceReport, readBounce } from "./bounce.ts";
export { bounceUrl, isBounceToken } from "./bounce-door.ts";
export { type Mail, type MailLimits, sendMail } from "./email.ts";
export { getPublic } from "./get-public.ts";
export { isMailAddress } from "./mail-address.ts";
export type { MailContent } from "./mail-layout.ts";
export type { SendFailure, SendOutcome } from "./outcome.ts";
export {
  askOutside,
  createOutside,
  type Endpoints,
  type Outside,
  type OutsideAnswer,
  type OutsideRequest,
  refusalOf,
} from "./outside.ts";
export { type PagerWord, sendOpsgenieCall, sendPagerDutyEvent } from "./pagers.ts";
export { findSlackMessage, openDirectMessage, postSlackMessage, updateSlackMessage } from "./slack.ts";
export { isSignedBySlack, openSlackView, type SlackView, slackAddressOf, whisperInSlack } from "./slack-acts.ts";
export { escapeSlack, type SlackButton, type SlackMessage } from "./slack-text.ts";
export { openTarget, openTellList, readTellLines, type StoredTellList, sealTarget, sealTellList } from "./tell-list.ts";
export { sendWebhook, webhookSecret } from "./webhook.ts";
