import { createDocuments } from "#/server/documents/index.ts";
import { registerSlack } from "#/server/slack/register-slack.ts";
import { createSlackDoor } from "#/server/slack/slack-door.ts";
import { projectNotes } from "#/server/timeline/index.ts";
import { registerUpdateClock } from "#/server/updates/index.ts";
import { signedBySlack } from "./slack-workspace.ts";
import { testTriage } from "./test-triage.ts";

export const SLACK_SECRET = "slack-signing-secret";

/** A server that Slack talks to, whose Slack is a workspace of the test's, and whose jobs run when the test says so. */
export async function testSlack() {
  const test = await testTriage({ slack: { botToken: "xoxb-1", channel: "C1", signingSecret: SLACK_SECRET } });
  const { core, slack, clock } = test;
  Object.assign(core.config.slack ?? {}, { apiUrl: slack.apiUrl });
  const documents = createDocuments(core);
  projectNotes(core, documents);
  const work = core.queue.work;
  const run = { isLastTry: false };
  core.queue.work = (name, _options, handler) => void test.workers.set(name, (data) => handler(data, run));
  registerSlack(core, documents);
  registerUpdateClock(core);
  core.queue.work = work;
  const door = createSlackDoor(core, documents);
  let serial = 0;

  type Form = Record<string, string>;
  const sign = (body: string) => signedBySlack(SLACK_SECRET, body, clock.at);
  const form = (fields: Form) => sign(new URLSearchParams(fields).toString());
  const next = () => String(++serial);

  return {
    ...test,
    documents,
    door,
    run,
    sign,
    /** `/muster` and what comes after it, as Slack sends it. */
    slash(text: string, given: { user?: string; channel?: string } = {}) {
      return door.command(
        form({
          command: "/muster",
          text,
          team_id: "T0ACME",
          channel_id: given.channel ?? "C1",
          user_id: given.user ?? "U-ada@example.com",
          user_name: "ada",
          api_app_id: "A0MUSTER",
          trigger_id: `trigger-${next()}`,
          response_url: `${slack.apiUrl}response`,
        }),
      );
    },
    press(actionId: string, value: string, user = "U-ada@example.com") {
      const payload = {
        type: "block_actions",
        team: { id: "T0ACME" },
        user: { id: user },
        channel: { id: "C1" },
        trigger_id: `trigger-${next()}`,
        response_url: `${slack.apiUrl}response`,
        actions: [{ type: "button", action_id: actionId, block_id: "x", value, action_ts: "1" }],
      };
      return door.interaction(form({ payload: JSON.stringify(payload) }));
    },
    /** Sends the dialog that was opened last, with these values by the names of its fields. */
    submit(values: Record<string, string | string[] | { chosen: string }>, user = "U-ada@example.com") {
      const view = slack.workspace.views.at(-1)?.view ?? {};
      const field = (value: string | string[] | { chosen: string }) => {
        if (typeof value === "string") return { type: "plain_text_input", value };
        if (Array.isArray(value)) return { type: "checkboxes", selected_options: value.map((one) => ({ value: one })) };
        return { type: "static_select", selected_option: { value: value.chosen } };
      };
      const state = {
        values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { [name]: field(value) }])),
      };
      const payload = { type: "view_submission", user: { id: user }, trigger_id: next(), view: { ...view, state } };
      return door.interaction(form({ payload: JSON.stringify(payload) }));
    },
    /** An event of the workspace; the same id is the same event. */
    event(event: Record<string, unknown>, eventId = `Ev${next()}`) {
      const body = {
        type: "event_callback",
        team_id: "T0ACME",
        api_app_id: "A0MUSTER",
        event,
        event_id: eventId,
        event_time: 1,
      };
      return door.event(sign(JSON.stringify(body)));
    },
    async close(): Promise<void> {
      await documents.stop();
      await test.close();
    },
  };
}
export type TestSlack = Awaited<ReturnType<typeof testSlack>>;
