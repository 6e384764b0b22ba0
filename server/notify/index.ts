export { type BounceReport, readBounce } from "./bounce.ts";
export { bounceUrl, isBounceToken } from "./bounce-door.ts";
export type { ChatMessage } from "./chat-message.ts";
export { type Mail, type MailLimits, sendMail } from "./email.ts";
export { getPublic } from "./get-public.ts";
export { LINK_PAGE_POLICY, linkFrame } from "./link-frame.ts";
export { isMailAddress } from "./mail-address.ts";
export { type MailContent, renderMail } from "./mail-layout.ts";
export { MailLines } from "./mail-line.ts";
export { sendMattermostPost } from "./mattermost.ts";
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
export { isForbiddenHost } from "./public-address.ts";
export {
  findSlackMessage,
  openDirectMessage,
  postSlackMessage,
  type SlackCredentials,
  type SlackThread,
  updateSlackMessage,
} from "./slack.ts";
export {
  answerSlackLater,
  isSignedBySlack,
  openSlackView,
  type SlackPerson,
  type SlackView,
  slackPersonOf,
  whisperInSlack,
} from "./slack-acts.ts";
export {
  archiveSlackChannel,
  createSlackChannel,
  findSlackChannel,
  inviteToSlackChannel,
  setSlackTopic,
  slackIdentity,
  slackUserByEmail,
  TOPIC_LENGTH_MAX,
  unarchiveSlackChannel,
} from "./slack-channels.ts";
export {
  escapeSlack,
  fitPlain,
  fitSlack,
  type SlackButton,
  type SlackMessage,
  type SlackPiece,
  slackMessage,
} from "./slack-text.ts";
export { sendTeamsCard } from "./teams.ts";
export { openTarget, openTellList, readTellLines, type StoredTellList, sealTarget, sealTellList } from "./tell-list.ts";
export { sendEvent, sendWebhook, webhookSecret } from "./webhook.ts";
