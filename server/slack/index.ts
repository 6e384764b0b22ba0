export { checkSlack } from "./check-slack.ts";
export { listSlackMessages, readChat } from "./message-queries.ts";
export { archiveChannel, openSlackChannel } from "./open-channel.ts";
export { registerSlack } from "./register-slack.ts";
export type { SignedRequest } from "./signed-request.ts";
export { createSlackDoor } from "./slack-door.ts";
