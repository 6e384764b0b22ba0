import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";

/** What happens outside while an update goes out; each is told before its answer goes back, where it has one. */
export type Moment =
  | "Slack is asked"
  | "Slack took it"
  | "Slack answered"
  | "mail is greeted"
  | "mail has a recipient"
  | "mail took it"
  | "mail answered";

export type Mailbox = { to: string; messageId: string; text: string };
type SlackMessage = { ts: string; text: string; threadTs: string | undefined; metadata: unknown };

/**
 * Slack and a mail server as the world sees them: what they took is there, whether or not their answer was heard.
 * `onMoment` is called at each moment and may end whoever is talking to them.
 */
export async function outsideWorld() {
  const messages: SlackMessage[] = [];
  const mails: Mailbox[] = [];
  const listeners = { onMoment: (_moment: Moment): void => {} };
  let lookups = 0;

  const slack = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const answer = (value: unknown) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.end(JSON.stringify(value));
      };
      const args = Object.fromEntries(new URLSearchParams(body));
      if (request.url?.endsWith("conversations.history") || request.url?.endsWith("conversations.replies")) {
        lookups += 1;
        return answer({ ok: true, messages });
      }
      if (!request.url?.endsWith("chat.postMessage")) return answer({ ok: true });
      listeners.onMoment("Slack is asked");
      const ts = `1700.${messages.length + 1}`;
      messages.push({
        ts,
        text: args.text ?? "",
        threadTs: args.thread_ts,
        metadata: JSON.parse(args.metadata ?? "null"),
      });
      listeners.onMoment("Slack took it");
      answer({ ok: true, channel: "C1", ts });
      listeners.onMoment("Slack answered");
    });
  });
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onConnect(_session, done) {
      listeners.onMoment("mail is greeted");
      done();
    },
    onRcptTo(_address, _session, done) {
      listeners.onMoment("mail has a recipient");
      done();
    },
    onData(stream, { envelope }, done) {
      simpleParser(stream).then((mail) => {
        const to = String(envelope.rcptTo[0]?.address);
        mails.push({ to, messageId: mail.messageId ?? "", text: mail.text ?? "" });
        listeners.onMoment("mail took it");
        done();
        listeners.onMoment("mail answered");
      }, done);
    },
  });
  // Connections that break off are what this is about.
  smtp.on("error", () => {});
  await new Promise<void>((resolve) => slack.listen(0, "127.0.0.1", resolve));
  await new Promise<void>((resolve) => smtp.listen(0, "127.0.0.1", resolve));
  const portOf = (address: unknown) => (address as AddressInfo).port;
  return {
    messages,
    mails,
    listeners,
    lookups: () => lookups,
    environment: {
      SLACK_BOT_TOKEN: "xoxb-1",
      SLACK_CHANNEL: "C1",
      SLACK_API_URL: `http://127.0.0.1:${portOf(slack.address())}/api/`,
      SMTP_URL: `smtp://127.0.0.1:${portOf(smtp.server.address())}`,
      MAIL_FROM: "status@example.com",
    },
    async close(): Promise<void> {
      slack.closeAllConnections();
      slack.close();
      await new Promise<void>((resolve) => smtp.close(() => resolve()));
    },
  };
}
export type OutsideWorld = Awaited<ReturnType<typeof outsideWorld>>;
