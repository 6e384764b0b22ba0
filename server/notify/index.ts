export { type Mail, type MailCredentials, sendMail } from "./email.ts";
export { headerText, isMailAddress } from "./mail-address.ts";
export type { MailContent } from "./mail-layout.ts";
export type { SendOutcome } from "./outcome.ts";
export { findSlackMessage, postSlackMessage, type SlackCredentials, updateSlackMessage } from "./slack.ts";
export type { SlackMessage } from "./slack-text.ts";
