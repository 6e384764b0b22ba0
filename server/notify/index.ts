export { type Mail, sendMail } from "./email.ts";
export { getPublic } from "./get-public.ts";
export { isMailAddress } from "./mail-address.ts";
export type { MailContent } from "./mail-layout.ts";
export type { SendOutcome } from "./outcome.ts";
export { findSlackMessage, openDirectMessage, postSlackMessage, updateSlackMessage } from "./slack.ts";
export type { SlackMessage } from "./slack-text.ts";
