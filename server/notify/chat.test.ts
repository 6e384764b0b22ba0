import { describe, expect, it } from "vitest";
import { type ChatMessage, fitText } from "./chat-message.ts";
import { escapeMattermost, MATTERMOST_TEXT_LENGTH_MAX, mattermostPost } from "./mattermost.ts";
import { TEAMS_MESSAGE_BYTES_MAX, teamsMessage } from "./teams.ts";

const link = { text: "Status page", url: "https://status.example.com/status/incidents/abc" };
const message = (part: Partial<ChatMessage> = {}): ChatMessage => ({
  heading: "Identified: Checkout is slow",
  body: "Payments may fail.\nPayPal works.",
  notes: ["21 Nov 2026, 10:24 UTC", "Checkout: Partial outage"],
  link,
  ...part,
});
const bytes = (part: Partial<ChatMessage>) => Buffer.byteLength(JSON.stringify(teamsMessage(message(part))));
const card = (part: Partial<ChatMessage> = {}) => teamsMessage(message(part)).attachments[0].content;
const linesOf = (part: Partial<ChatMessage>) => card(part).body.map((block) => block.inlines[0]?.text);

describe("a post in Mattermost", () => {
  it("has a heading, the text, the small print and a link", () => {
    expect(mattermostPost(message())).toEqual({
      text: [
        "#### Identified: Checkout is slow",
        "Payments may fail.\nPayPal works.",
        `21 Nov 2026, 10:24 UTC\nCheckout: Partial outage\n[Status page](${link.url})`,
      ].join("\n\n"),
      username: "Muster",
    });
  });
  it.each([
    ["*bold* _and_ `code`", "\\*bold\\* \\_and\\_ \\`code\\`"],
    ["[press](https://evil.example)", "\\[press\\](https://evil.example)"],
    ["![x](https://evil.example/pixel.png)", "\\!\\[x\\](https://evil.example/pixel.png)"],
    ["# Not a heading | no table", "\\# Not a heading \\| no table"],
    ["see https://git.example/a_b_c for more", "see https://git.example/a_b_c for more"],
    ["write to ops@example.com", "write to ops@example.com"],
    ["C:\\temp", "C:\\\\temp"],
  ])("says %j literally", (text, shown) => expect(escapeMattermost(text)).toBe(shown));
  it.each(["@channel wake up", "@all", "x@here", "https://a.example/@channel", "ask @ada"])(
    "calls nobody by %j",
    (text) => expect(escapeMattermost(text)).not.toMatch(/@[a-z]/),
  );
  it("never holds more than a post can, and cuts no escape in two", () => {
    for (const body of ["*".repeat(9_000), "é".repeat(20_000), "😀".repeat(9_000), "a\n".repeat(10_000)]) {
      const { text } = mattermostPost(message({ body, heading: "_".repeat(400) }));
      expect(text.length).toBeLessThanOrEqual(MATTERMOST_TEXT_LENGTH_MAX);
      expect(text.length).toBeGreaterThan(MATTERMOST_TEXT_LENGTH_MAX - 10);
      expect(text.isWellFormed()).toBe(true);
      expect(text).toContain("…\n\n21 Nov");
      expect(text).not.toMatch(/(?<!\\)(?:\\\\)*\\…/);
    }
  });
  it("leaves a text whole that fits to the letter", () => {
    const { text } = mattermostPost(message({ body: "" }));
    const room = MATTERMOST_TEXT_LENGTH_MAX - text.length - 2;
    expect(mattermostPost(message({ body: "a".repeat(room) })).text).not.toContain("…");
    expect(mattermostPost(message({ body: "a".repeat(room + 1) })).text).toContain("…");
  });
});

describe("a card in Teams", () => {
  it("is an Adaptive Card as a workflow's webhook takes it", () => {
    expect(teamsMessage(message())).toMatchObject({
      type: "message",
      attachments: [
        {
          contentType: "application/vnd.microsoft.card.adaptive",
          contentUrl: null,
          content: { type: "AdaptiveCard", version: "1.4", fallbackText: "Identified: Checkout is slow" },
        },
      ],
    });
    expect(card().actions).toEqual([{ type: "Action.OpenUrl", title: "Status page", url: link.url }]);
    expect(card({ link: null })).not.toHaveProperty("actions");
    expect(linesOf({})).toEqual([
      "Identified: Checkout is slow",
      "Payments may fail.",
      "PayPal works.",
      "21 Nov 2026, 10:24 UTC",
      "Checkout: Partial outage",
    ]);
  });
  it("holds the text in rich text alone, which knows no Markdown", () => {
    const body = "**bold** [press](https://evil.example)\n\n- one";
    expect(linesOf({ body, notes: [] })).toEqual([
      "Identified: Checkout is slow",
      "**bold** [press](https://evil.example)",
      "- one",
    ]);
    expect(new Set(card({ body }).body.map((block) => block.type))).toEqual(new Set(["RichTextBlock"]));
  });
  it.each([
    ["one long line", "a"],
    ["lines of one letter", "a\n"],
    ["letters of three bytes", "漢"],
    ["characters of two halves", "😀"],
    ["what JSON escapes", '"\\\t'],
  ])("is cut to what Teams takes: %s", (_, piece) => {
    const body = piece.repeat(30_000);
    expect(bytes({ body })).toBeLessThanOrEqual(TEAMS_MESSAGE_BYTES_MAX);
    expect(bytes({ body })).toBeGreaterThan(TEAMS_MESSAGE_BYTES_MAX - 120);
    expect(linesOf({ body }).join("")).toContain("…");
    expect(JSON.stringify(teamsMessage(message({ body })))).not.toMatch(/\\ud[89a-f]/i);
    expect(card({ body }).actions).toHaveLength(1);
  });
  it("is whole at the limit, and cut one byte above", () => {
    const room = TEAMS_MESSAGE_BYTES_MAX - bytes({ body: "a" }) + 1;
    expect(bytes({ body: "a".repeat(room) })).toBe(TEAMS_MESSAGE_BYTES_MAX);
    expect(linesOf({ body: "a".repeat(room) }).join("")).not.toContain("…");
    expect(linesOf({ body: "a".repeat(room + 1) }).join("")).toContain("…");
  });
});

describe("fitting a text", () => {
  it.each([
    ["abc", 3, "abc"],
    ["abcd", 3, "ab…"],
    ["a😀b", 3, "a…"],
  ])("%j into %i", (text, max, shown) => expect(fitText(text, max)).toBe(shown));
});
