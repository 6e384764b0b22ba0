import type { AddressInfo } from "node:net";
import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Mail, mailFailure, sendMail } from "./email.ts";
import { MailLines } from "./mail-line.ts";

let server: SMTPServer;
let url: string;
let refusal: { at: "rcpt" | "data"; code: number } | undefined;
let isSilent = false;
/** Closes the connection instead of an answer to the text of a mail. */
let hangsUp = false;
const mails: { to: string[]; source: string }[] = [];
let connections = 0;

function refuse(at: "rcpt" | "data"): Error | null {
  if (refusal?.at !== at) return null;
  return Object.assign(new Error("try something else"), { responseCode: refusal.code });
}

beforeAll(async () => {
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    onConnect: (_session, callback) => {
      connections += 1;
      callback();
    },
    onRcptTo: (_address, _session, callback) => callback(refuse("rcpt")),
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        mails.push({ to: session.envelope.rcptTo.map((one) => one.address), source: Buffer.concat(chunks).toString() });
        if (hangsUp) for (const connection of server.connections) connection.close();
        else if (!isSilent) callback(refuse("data"));
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise<void>((resolve) => server.close(resolve)));
beforeEach(() => {
  mails.length = 0;
  connections = 0;
  refusal = undefined;
  isSilent = false;
  hangsUp = false;
});

const mail: Mail = {
  to: "cto@example.com",
  subject: "[Acme status] Card payments\r\nBcc: all@example.com",
  messageId: "update.1@muster.example",
  threadId: "incident.1@muster.example",
  unsubscribeUrl: "https://status.example/unsubscribe/t0ken",
  content: {
    heading: "Identified: <Card> payments",
    body: "First line.\nSecond <script>alert(1)</script> line.",
    facts: [{ name: "Affected", value: "Checkout & cart" }],
    action: { text: "Status page", url: "https://status.example/status/incidents/x" },
    footer: { text: "You follow it." },
  },
};
const timeouts = { connectionTimeout: 500, greetingTimeout: 500, socketTimeout: 500, dnsTimeout: 500, wholeMs: 5_000 };
const send = (change: Partial<Mail> = {}, from = "Muster <muster@example.com>") =>
  sendMail({ url, from, isTrusted: true }, { ...mail, ...change }, timeouts);

describe("a mail", () => {
  it("goes to one address with the headers that mail programs act on", async () => {
    expect(await send()).toEqual({ ok: true, providerId: "update.1@muster.example" });
    expect(mails).toHaveLength(1);
    expect(mails[0]?.to).toEqual(["cto@example.com"]);
    const parsed = await simpleParser(mails[0]?.source ?? "");
    expect(parsed.messageId).toBe("<update.1@muster.example>");
    expect(parsed.inReplyTo).toBe("<incident.1@muster.example>");
    expect(parsed.references).toBe("<incident.1@muster.example>");
    expect(parsed.from?.text).toBe('"Muster" <muster@example.com>');
    expect(parsed.subject).toBe("[Acme status] Card payments Bcc: all@example.com");
    expect(parsed.headers.has("bcc")).toBe(false);
    expect(mails[0]?.source).toContain("List-Unsubscribe: <https://status.example/unsubscribe/t0ken>");
    expect(mails[0]?.source).toContain("List-Unsubscribe-Post: List-Unsubscribe=One-Click");
    expect(mails[0]?.source).toContain("Auto-Submitted: auto-generated");
  });

  it("has its text first, and escapes in HTML", async () => {
    await send();
    const source = mails[0]?.source ?? "";
    expect(source.indexOf("text/plain")).toBeGreaterThan(0);
    expect(source.indexOf("text/plain")).toBeLessThan(source.indexOf("text/html"));
    const parsed = await simpleParser(source);
    expect(parsed.text).toContain("Second <script>alert(1)</script> line.");
    expect(parsed.html).not.toContain("<script>");
    expect(parsed.html).toContain("&lt;script&gt;");
  });

  it.each([
    ["rcpt", 450, "retry"],
    ["rcpt", 550, "permanent"],
    ["data", 451, "retry"],
    ["data", 554, "permanent"],
  ] as const)("refused at %s with %i is %s", async (at, code, kind) => {
    refusal = { at, code };
    expect(await send()).toMatchObject({ ok: false, kind });
  });

  it("is unknown when the server took it and fell silent", async () => {
    isSilent = true;
    expect(await send()).toMatchObject({ ok: false, kind: "unknown" });
  });

  it("comes again when nothing listens", async () => {
    const outcome = await sendMail({ url: "smtp://127.0.0.1:9", from: "m@example.com" }, mail, timeouts);
    expect(outcome).toMatchObject({ ok: false, kind: "retry" });
  });

  it.each(['"a b"@example.com', "a@b@example.com", "a\r\nBcc: b@example.com", "a@exämple.com", "nobody"])(
    "never goes to %j",
    async (to) => {
      expect(await send({ to })).toMatchObject({ ok: false, kind: "permanent" });
      expect(mails).toHaveLength(0);
    },
  );

  it("does not reach into the private network by an address set in the interface", async () => {
    const outcome = await sendMail({ url, from: "m@example.com", isTrusted: false }, mail, timeouts);
    expect(outcome).toMatchObject({ ok: false, kind: "permanent" });
    expect(mails).toHaveLength(0);
  });

  it("names a refused sign-in", () => {
    const error = Object.assign(new Error("Invalid login"), { code: "EAUTH", responseCode: 535, response: "535 no" });
    expect(mailFailure(error)).toMatchObject({ ok: false, kind: "permanent" });
  });
});

describe("kept connections", () => {
  let lines: MailLines;
  beforeEach(() => {
    lines = new MailLines();
  });
  afterEach(() => lines.close());
  const send = (to = "cto@example.com") =>
    sendMail({ url, from: "Muster <muster@example.com>" }, { ...mail, to }, timeouts, lines);

  it("carry one mail after the other, each to its own address alone", async () => {
    const addresses = Array.from({ length: 5 }, (_, n) => `reader${n}@example.com`);
    for (const to of addresses) expect(await send(to)).toMatchObject({ ok: true });
    expect(mails.map(({ to }) => to)).toEqual(addresses.map((to) => [to]));
    expect(connections).toBe(1);
  });

  it("are as many as mails that go at once", async () => {
    const outcomes = await Promise.all(["a@example.com", "b@example.com", "c@example.com"].map(send));
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
    expect(connections).toBe(3);
  });

  it("are opened anew when the server closed them, without a try that fails", async () => {
    expect(await send()).toMatchObject({ ok: true });
    for (const connection of server.connections) connection.close();
    expect(await send()).toMatchObject({ ok: true });
    expect(mails).toHaveLength(2);
    expect(connections).toBe(2);
  });

  it("hand a mail over once: when the server hangs up after it took the text, nobody knows, and nothing is repeated", async () => {
    for (const isFirst of [true, false]) {
      if (!isFirst) expect(await send()).toMatchObject({ ok: true });
      mails.length = 0;
      hangsUp = true;
      expect(await send()).toMatchObject({ ok: false, kind: "unknown" });
      expect(mails).toHaveLength(1);
      hangsUp = false;
    }
  });

  it("end with a mail that was not taken; what it says of the next one begins anew", async () => {
    expect(await send()).toMatchObject({ ok: true });
    isSilent = true;
    expect(await send()).toMatchObject({ ok: false, kind: "unknown" });
    isSilent = false;
    refusal = { at: "rcpt", code: 550 };
    expect(await send()).toMatchObject({ ok: false, kind: "permanent", trouble: "recipient" });
    refusal = undefined;
    expect(await send()).toMatchObject({ ok: true });
    expect(connections).toBe(3);
  });

  it("name a refused sign-in as often as it is tried", async () => {
    const guarded = new SMTPServer({
      disabledCommands: ["STARTTLS"],
      onAuth: (_auth, _session, callback) => callback(new Error("no such user")),
    });
    await new Promise<void>((resolve) => guarded.listen(0, "127.0.0.1", resolve));
    const { port } = guarded.server.address() as AddressInfo;
    const credentials = { url: `smtp://muster:wrong@127.0.0.1:${port}`, from: "Muster <muster@example.com>" };
    for (let n = 0; n < 2; n += 1) {
      const outcome = await sendMail(credentials, mail, timeouts, lines);
      expect(outcome).toMatchObject({ ok: false, kind: "permanent", reason: expect.stringContaining("535") });
    }
    await new Promise<void>((resolve) => guarded.close(resolve));
  });

  it("are not used for another server or another way in", async () => {
    expect(await send()).toMatchObject({ ok: true });
    const other = { url: `${url}/?ignoreTLS=true`, from: "Muster <muster@example.com>" };
    expect(await sendMail(other, mail, timeouts, lines)).toMatchObject({ ok: true });
    expect(connections).toBe(2);
  });
});
