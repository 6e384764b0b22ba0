import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { incidentStatuses, PROSE_LENGTH_MAX, TITLE_LENGTH_MAX } from "#/server/incidents/shared/lists.ts";
import { type SlackMessage, slackMessage } from "#/server/notify/index.ts";
import { ROLES_MAX } from "#/server/roster/shared/lists.ts";
import { messageProblems, viewProblems } from "#/server/testing/block-kit.ts";
import { SUGGESTIONS_MAX } from "#/server/triage/shared/lists.ts";
import { type Letter, slackOfNotice, slackOfUpdate } from "#/server/updates/compose.ts";
import { slackOfTriage, type TriageWord } from "#/server/updates/compose-triage.ts";
import { channels, UPDATE_BODY_LENGTH_MAX, updateStatuses } from "#/server/updates/shared/lists.ts";
import { type Card, slackOfCard, slackOfWord } from "#/server/updates/slack-card.ts";
import { helpReply } from "./command-replies.ts";
import { declareView, resolveView, updateView } from "./command-views.ts";
import { say, sayLines } from "./reply.ts";
import { declineView, mergeView } from "./triage-views.ts";
import { LISTED_MAX } from "./which-incident.ts";

/** What somebody might write, or an alert might say, to make Slack call everybody, lead elsewhere or refuse the message. */
const hostile = [
  "<!channel> fire",
  "<!here|now> <!everyone>",
  "<@U123> <#C123|x> <!subteam^S1>",
  "<https://evil.example|https://bank.example>",
  "<!date^1^{time}|x> <!date^1^{time}^https://evil.example|x>",
  "&lt;!channel&gt; &amp;amp;",
  "&<>",
  "*_~`> - [x](y) |||",
  "🔥",
  "\ud800",
  "e\u0301\u202e\u0000\u200b",
  "\n",
  "x",
  "x ",
  "<",
  "ﷺ",
];
const fill = (seed: string, lengthMax: number) => seed.repeat(Math.ceil(lengthMax / seed.length)).slice(0, lengthMax);
const at = new Date("2026-11-21T10:00:00Z");
const id = "00000000-0000-4000-8000-000000000000";
const url = `https://muster.example.com/incidents/INC-123456789`;

function cardOf(seed: string, status: Card["status"]): Card {
  return {
    incidentId: id,
    reference: "INC-123456789",
    title: fill(seed, TITLE_LENGTH_MAX),
    status,
    severity: null,
    suggestedSeverity: "SEV1",
    isPrivate: false,
    commander: fill(seed, 200),
    services: Array.from({ length: 20 }, () => fill(seed, 100)),
    nextUpdateDueAt: at,
    lastUpdate: { body: fill(seed, UPDATE_BODY_LENGTH_MAX), publishedAt: at },
    decision: { what: "resolved", by: fill(seed, 200), text: fill(seed, PROSE_LENGTH_MAX) },
    channel: { name: "x".repeat(80), url: `https://acme.slack.com/archives/${"C".repeat(20)}` },
    url,
  };
}

function wordOf(seed: string): TriageWord {
  return {
    incidentId: id,
    reference: "INC-123456789",
    title: fill(seed, TITLE_LENGTH_MAX),
    severity: "SEV1",
    services: Array.from({ length: 20 }, () => fill(seed, 100)),
    url,
    wave: 3,
    waitingMinutes: 600,
    isFallback: true,
    isPrivate: false,
    isDeclared: false,
    decision: null,
  };
}

function letterOf(seed: string): Letter {
  return {
    audience: "internal",
    status: "identified",
    title: fill(seed, TITLE_LENGTH_MAX),
    body: fill(seed, UPDATE_BODY_LENGTH_MAX),
    components: Array.from({ length: 200 }, () => ({
      id,
      name: fill(seed, 80),
      oldStatus: "operational" as const,
      newStatus: "under_maintenance" as const,
    })),
    publishedAt: at,
    correctedAt: at,
    pageName: fill(seed, 100),
    link: { text: "Status page", url: `${url}?a=1&b=2` },
  };
}

function messagesOf(seed: string): [string, SlackMessage][] {
  const long = (lengthMax: number) => fill(seed, lengthMax);
  const lines = (count: number) =>
    Array.from({ length: count }, () => [{ text: "INC-1", url }, { strong: long(300) }, `  ${long(300)}`]);
  return [
    ...incidentStatuses.map((status): [string, SlackMessage] => [
      `card ${status}`,
      slackOfCard(cardOf(seed, status), true),
    ]),
    ["private card", slackOfCard({ ...cardOf(seed, "triage"), isPrivate: true }, true)],
    ["word", slackOfWord({ text: long(12_000), isReply: true, isBroadcast: true, reference: "INC-1", url })],
    ["triage", slackOfTriage(wordOf(seed), true)],
    ["decision", slackOfTriage({ ...wordOf(seed), decision: cardOf(seed, "closed").decision }, true)],
    ["update", slackOfUpdate(letterOf(seed))],
    [
      "notice",
      slackOfNotice({ subject: "", heading: long(300), body: long(4_000), url, linkText: "Open", why: long(300) }),
    ],
    ["reply", say(long(1_000), { text: "Open", url })],
    ["open incidents", sayLines(long(500), lines(LISTED_MAX))],
    ["roles", sayLines("Roles", lines(ROLES_MAX))],
    ["people", sayLines("On it", lines(300))],
    ["help", helpReply()],
  ];
}

/** A text of nothing but space cannot be published or declared with, and options and titles are never such. */
const isBlank = (seed: string) => seed.trim() === "";

describe.each(hostile.map((seed) => [JSON.stringify(seed), seed]))(
  "with %s everywhere, as long as it may be",
  (_, seed) => {
    it("Slack takes every message, and nobody is called", () => {
      for (const [name, message] of messagesOf(seed)) {
        expect([name, messageProblems(slackMessage(message))]).toEqual([name, []]);
      }
    });

    it("Slack takes every dialog", () => {
      const title = fill(seed, TITLE_LENGTH_MAX);
      const subject = { incidentId: id, reference: "INC-1", title, url, channelId: "C123" };
      const suggestions = Array.from({ length: SUGGESTIONS_MAX }, (_each, n) => ({
        incident: {
          id,
          reference: `INC-${n}`,
          title,
          status: "investigating" as const,
          severity: null,
          declaredAt: at.toISOString(),
        },
        score: 90,
        reasons: [fill(seed, 200), fill(seed, 200)],
      }));
      const draft = {
        body: fill(seed, UPDATE_BODY_LENGTH_MAX + 500),
        audience: "public" as const,
        channels,
        available: channels,
        pageName: fill(seed, 100),
        notes: [fill(seed, 10_000), fill(seed, 100)],
      };
      const views = [
        declineView(subject),
        mergeView(subject, suggestions),
        mergeView(subject, []),
        declareView({ title: fill(seed, 4_000), severity: "SEV1", channelId: "C1" }),
        ...updateStatuses.map((status) => updateView(subject, { ...draft, status })),
        updateView(subject, { ...draft, status: "resolved", body: "", channels: [], available: ["status_page"] }),
        resolveView(subject),
      ];
      for (const view of views) {
        const found = viewProblems(view as unknown as Record<string, unknown>);
        expect([view.callback_id, found.filter((one) => !(isBlank(seed) && one.endsWith("is empty")))]).toEqual([
          view.callback_id,
          [],
        ]);
      }
    });
  },
);

it("whatever anybody writes, a message stays within the limits and calls nobody", () => {
  const long = (maxLength: number) =>
    fc.tuple(fc.constantFrom(...hostile), fc.nat({ max: maxLength })).map(([seed, length]) => fill(seed, length));
  const text = (maxLength: number) => fc.oneof(fc.string({ unit: "binary", maxLength: 20 }), long(maxLength));
  const piece = fc.oneof(
    text(400),
    fc.record({ strong: text(400) }),
    fc.record({ text: text(400), url: fc.constantFrom(url, `${url}?a=1&b=<x>|y`) }),
    fc.record({ at: fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true }) }),
  );
  const message = fc.record({
    heading: text(400).map((heading) => `h${heading}`),
    body: long(20_000),
    fields: fc.array(fc.record({ name: fc.constant("Name"), value: fc.array(piece, { maxLength: 3 }) }), {
      maxLength: 14,
    }),
    lines: fc.array(fc.array(piece, { minLength: 1, maxLength: 4 }), { maxLength: 40 }),
    context: fc.array(piece, { maxLength: 6 }),
    buttons: fc.array(
      fc.record({ id: fc.constant("card.claim"), text: text(200).map((words) => `b${words}`), value: fc.uuid() }),
      { maxLength: 9 },
    ),
  });
  fc.assert(
    fc.property(message, (given) => {
      expect(messageProblems(slackMessage(given))).toEqual([]);
    }),
    { numRuns: 25, endOnFailure: true },
  );
}, 60_000);

describe("the limits that tests check are not looked past", () => {
  const fine = { text: "x", blocks: [{ type: "section", text: { type: "mrkdwn", text: "x" } }] };
  it.each([
    ["no text", { blocks: fine.blocks }],
    ["51 blocks", { text: "x", blocks: Array.from({ length: 51 }, () => fine.blocks[0]) }],
    [
      "a section of 3,001",
      { text: "x", blocks: [{ type: "section", text: { type: "mrkdwn", text: "x".repeat(3_001) } }] },
    ],
    ["a call", { text: "<!channel>", blocks: [] }],
    ["a bare <", { text: "a < b", blocks: [] }],
    ["a bare &", { text: "a & b", blocks: [] }],
    ["a text of 4,001", { text: "x".repeat(4_001), blocks: [] }],
    [
      "12,001 in sum",
      {
        text: "x",
        blocks: Array.from({ length: 5 }, () => ({
          type: "section",
          text: { type: "mrkdwn", text: "x".repeat(2_401) },
        })),
      },
    ],
    [
      "a button of 76",
      {
        text: "x",
        blocks: [
          { type: "actions", elements: [{ type: "button", text: { type: "plain_text", text: "x".repeat(76) } }] },
        ],
      },
    ],
    ["half a character", { text: "x", blocks: [{ type: "header", text: { type: "plain_text", text: "\ud83d" } }] }],
  ])("%s", (_name, message) => expect(messageProblems(message)).not.toEqual([]));
  it("and a good one is fine", () => expect(messageProblems(fine)).toEqual([]));
});
