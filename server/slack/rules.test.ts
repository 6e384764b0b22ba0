import { describe, expect, it } from "vitest";
import { channelName, channelTopic } from "./channel-rules.ts";
import { noteOfMessage } from "./keep-message.ts";
import { parseCommand, takeNamed, takeSeverity } from "./parse-command.ts";
import { mentionedIn, plainSlackText } from "./plain-text.ts";
import { MESSAGE_LENGTH_MAX } from "./shared/lists.ts";
import { slackManifest } from "./shared/manifest.ts";

describe("the name of a channel", () => {
  it.each([
    ["Checkout is slow", 0, "inc-42-checkout-is-slow"],
    ["Checkout is slow", 1, "inc-42-checkout-is-slow-2"],
    ["  <!channel> & “Ünïcode” 🔥 ", 0, "inc-42-channel-unicode"],
    ["決済が遅い", 0, "inc-42"],
    ["", 0, "inc-42"],
    ["a ".repeat(100), 0, `inc-42-${"a-".repeat(50)}`],
    ["x".repeat(200), 3, `inc-42-${"x".repeat(200)}`],
  ])("of %j, number %i", (title, n, expected) => {
    const name = channelName({ reference: "INC-42", title }, n);
    expect(name).toMatch(/^[a-z0-9][a-z0-9-]{0,49}$/);
    expect(name).not.toMatch(/--|-$/);
    expect(expected.startsWith(name.replace(/-\d$/, "")) || name === expected).toBe(true);
    if (expected.length <= 50) expect(name).toBe(expected);
    if (n > 0) expect(name.endsWith(`-${n + 1}`)).toBe(true);
  });
});

describe("the topic of a channel", () => {
  const incident = { reference: "INC-1", severity: null, status: "triage" as const, nextUpdateDueAt: null };
  it("says how it stands", () => {
    const due = new Date("2026-11-21T10:40:00Z");
    const url = "https://muster.example/incidents/INC-1";
    expect(channelTopic({ ...incident, severity: "SEV1", nextUpdateDueAt: due, commander: "Ada", url })).toBe(
      `SEV1 · Triage · Commander Ada · Next update 10:40 UTC · ${url}`,
    );
  });
  it("has at most 250 characters, keeps the link, and calls nobody", () => {
    const url = `https://muster.example/${"x".repeat(60)}`;
    const topic = channelTopic({ ...incident, commander: `<!channel>${"&".repeat(300)}`, url });
    expect(topic.length).toBeLessThanOrEqual(250);
    expect(topic.endsWith(url)).toBe(true);
    expect(topic).not.toContain("<");
  });
});

describe("a command", () => {
  it.each([
    ["", { verb: "help", reference: null, rest: "" }],
    ["  STATUS   inc-7:  identified ", { verb: "status", reference: "INC-7", rest: "identified" }],
    ["update INC-12", { verb: "update", reference: "INC-12", rest: "" }],
    ["sev PRV-ABCDEF sev1", { verb: "severity", reference: "PRV-ABCDEF", rest: "sev1" }],
    ["declare INC-like trouble", { verb: "declare", reference: null, rest: "INC-like trouble" }],
    ["page <@U1|lin> a\nb", { verb: "page", reference: null, rest: "<@U1|lin> a\nb" }],
    ["explode", null],
    ["toString", null],
  ])("%j", (text, expected) => expect(parseCommand(text)).toEqual(expected));

  it.each([
    ["SEV1: Fire", { severity: "SEV1", rest: "Fire" }],
    ["sev9 Fire", { severity: null, rest: "sev9 Fire" }],
    ["several", { severity: null, rest: "several" }],
  ])("severity of %j", (text, expected) => expect(takeSeverity(text)).toEqual(expected));

  it.each([
    ["<@U12|lin> please", { by: "mention", userId: "U12", rest: "please" }],
    ["<@W12>", { by: "mention", userId: "W12", rest: "" }],
    ["lin@example.com: look", { by: "email", email: "lin@example.com", rest: "look" }],
    ["<mailto:lin@example.com|lin@example.com> look", { by: "email", email: "lin@example.com", rest: "look" }],
    ["Lin Wei", { by: "name", name: "Lin Wei", rest: "" }],
    ["checkout &amp; cart: a: b", { by: "name", name: "checkout & cart", rest: "a: b" }],
    ["", null],
  ])("who is named by %j", (text, expected) => expect(takeNamed(text)).toEqual(expected));
});

describe("what was said in Slack", () => {
  const names = (id: string) => ({ U1: "Ada" })[id];
  it.each([
    ["hello <@U1> and <@U2|lin> &lt;3", "hello @Ada and @lin <3"],
    ["<!here> <!channel|@channel> <!subteam^S1|@sre> <!date^1^{time}|10:00>", "@here @channel @sre 10:00"],
    [
      "see <https://a.example/x?a=1&amp;b=2|the graph> or <https://b.example>",
      "see the graph (https://a.example/x?a=1&b=2) or https://b.example",
    ],
    ["<#C1|ops> <mailto:a@b.c|a@b.c>", "#ops a@b.c"],
    ["&amp;lt;script&amp;gt;", "&lt;script&gt;"],
  ])("%j is read as people read it", (text, expected) => expect(plainSlackText(text, names)).toBe(expected));

  it("is cut where it is longer than anybody types", () => {
    expect(plainSlackText("x".repeat(MESSAGE_LENGTH_MAX), names)).toHaveLength(MESSAGE_LENGTH_MAX);
    const cut = plainSlackText("x".repeat(MESSAGE_LENGTH_MAX + 1), names);
    expect(cut).toHaveLength(MESSAGE_LENGTH_MAX);
    expect(cut.endsWith("…")).toBe(true);
  });

  it("names each person once", () => expect(mentionedIn("<@U1> <@U2|x> <@U1>")).toEqual(["U1", "U2"]));

  it("is a quotation in a note, whose signs mean nothing", () => {
    expect(noteOfMessage("A*da", "# not a heading\n<img src=x> **b**")).toBe(
      "Ada in Slack:\n> \\# not a heading\n> \\<img src=x\\> \\*\\*b\\*\\*",
    );
  });
});

it("the manifest names every address at which Slack talks to us", () => {
  const text = JSON.stringify(slackManifest("https://muster.example.com/"));
  for (const path of ["commands", "interactions", "events"]) {
    expect(text).toContain(`"https://muster.example.com/slack/${path}"`);
  }
});
