import type { Context } from "hono";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Documents } from "#/server/documents/index.ts";
import type { Core } from "#/server/events/index.ts";
import { slackChannelView, slackCheckView, slackMessagesQuery, slackMessageView } from "#/server/slack/contract.ts";
import {
  archiveChannel,
  checkSlack,
  createSlackDoor,
  listSlackMessages,
  openSlackChannel,
  type SignedRequest,
} from "#/server/slack/index.ts";
import { type Api, type ApiEnv, answers, apiRoute, gone, idParam, listOf } from "../api.ts";

const tags = ["Slack"];
/** A dialog with its texts, or the event of a long message with what it was before. */
const SLACK_BYTES_MAX = 256 * 1024;

const openRoute = apiRoute({
  method: "post",
  path: "/incidents/{id}/slack-channel",
  tags,
  summary: "Open a channel in Slack for an incident, or take its old one out of the archive",
  request: { params: idParam },
  responses: answers(201, "The channel, on its way", slackChannelView),
});
const archiveRoute = apiRoute({
  method: "delete",
  path: "/incidents/{id}/slack-channel",
  tags,
  summary: "Archive an incident's channel in Slack",
  request: { params: idParam },
  responses: gone,
});
const messagesRoute = apiRoute({
  method: "get",
  path: "/incidents/{id}/slack-messages",
  tags,
  summary: "What was said in an incident's channel, newest first; `afterSeq` gives what came or changed since",
  request: { params: idParam, query: slackMessagesQuery },
  responses: answers(200, "A page of messages", listOf(slackMessageView)),
});
const checkRoute = apiRoute({
  method: "post",
  path: "/settings/slack/check",
  tags,
  summary: "Look whether Slack is set up as it has to be",
  responses: answers(201, "What was found", slackCheckView),
});

/** Slack as the room and the settings need it. */
export function registerSlackRoutes(api: Api): void {
  api.openapi(openRoute, async (c) => c.json(await openSlackChannel(c.var.ctx, c.req.valid("param").id), 201));
  api.openapi(archiveRoute, async (c) => {
    await archiveChannel(c.var.ctx, c.req.valid("param").id);
    return c.body(null, 204);
  });
  api.openapi(messagesRoute, async (c) => {
    const query = c.req.valid("query");
    return c.json(await listSlackMessages(c.var.ctx, { incident: c.req.valid("param").id, ...query }), 200);
  });
  api.openapi(checkRoute, async (c) => c.json(await checkSlack(c.var.ctx), 201));
}

async function signed(c: Context<ApiEnv>): Promise<SignedRequest> {
  return {
    timestamp: c.req.header("x-slack-request-timestamp"),
    signature: c.req.header("x-slack-signature"),
    body: await c.req.text(),
  };
}

/** Where Slack talks to us: commands, buttons and dialogs, events. Open to everybody, and believed by its signature alone. */
export function slackDoors(core: Core, documents: Documents): Hono<ApiEnv> {
  const doors = new Hono<ApiEnv>();
  const slack = createSlackDoor(core, documents);
  const limit = bodyLimit({ maxSize: SLACK_BYTES_MAX });
  const kinds = { commands: slack.command, interactions: slack.interaction, events: slack.event };
  for (const [name, handle] of Object.entries(kinds)) {
    doors.post(`/slack/${name}`, limit, async (c) => {
      const answer = await handle(await signed(c));
      return answer ? c.json(answer) : c.body("", 200);
    });
  }
  return doors;
}
