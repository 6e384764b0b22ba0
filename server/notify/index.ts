export { type Mail, sendMail } from "./email.ts";
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
export { openTarget, openTellList, readTellLines, type StoredTellList, sealTarget, sealTellList } from "./tell-list.ts";
export { sendWebhook, webhookSecret } from "./webhook.ts";
