import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { afterAll, expect, test } from "vitest";
import { PROCESS_TOKEN } from "#/server/testing/server-process.ts";
import { testProcesses, WAIT } from "#/server/testing/test-processes.ts";

const TIME_LIMIT_MS = 180_000;
/** More than the workers that send at once, so that some wait in the queue when the process ends. */
const RECIPIENTS = 8;
/** Mails that the server takes before it becomes slow. */
const TAKEN_AT_ONCE = 2;

type Held = { accept(): void };

/** A mail server that takes some mails and then keeps each sender waiting for its answer until told. */
class SlowMailServer {
  readonly accepted: { to: string; messageId: string }[] = [];
  readonly held: Held[] = [];
  isSlow = true;
  readonly #server: SMTPServer;
  readonly #gone = new Set<string>();

  constructor() {
    this.#server = new SMTPServer({
      authOptional: true,
      disabledCommands: ["STARTTLS"],
      onClose: (session) => {
        this.#gone.add(session.id);
      },
      onData: (stream, session, done) => {
        let text = "";
        stream.on("data", (chunk) => {
          text += chunk;
        });
        stream.on("end", () => {
          const to = String(session.envelope.rcptTo[0]?.address);
          const messageId = /^message-id:\s*(\S+)/im.exec(text)?.[1] ?? "";
          const accept = () => {
            // Whose connection broke off before the answer has not handed it over.
            if (this.#gone.has(session.id)) return;
            this.accepted.push({ to, messageId });
            done();
          };
          if (this.isSlow && this.accepted.length >= TAKEN_AT_ONCE) this.held.push({ accept });
          else accept();
        });
      },
    });
    // A connection that is cut is what this is about.
    this.#server.on("error", () => {});
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `smtp://127.0.0.1:${(this.#server.server.address() as AddressInfo).port}`;
  }

  async release(goneMin: number): Promise<void> {
    await expect.poll(() => this.#gone.size, WAIT).toBeGreaterThanOrEqual(goneMin);
    this.isSlow = false;
    for (const each of this.held.splice(0)) each.accept();
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

const processes = testProcesses();
const mail = new SlowMailServer();
afterAll(() => mail.close());

type Update = { deliverySummary: { channel: string; total: number; sent: number }[] };
type Updates = { items: Update[] };

test("an update that was cut off by SIGKILL reaches each recipient once", { timeout: TIME_LIMIT_MS }, async () => {
  const environment = {
    MUSTER_API_TOKEN: PROCESS_TOKEN,
    SMTP_URL: await mail.listen(),
    MAIL_FROM: "status@example.com",
  };
  let server = await processes.start(environment);
  const addresses = Array.from({ length: RECIPIENTS }, (_, n) => `reader${n}@example.com`);
  for (const email of addresses) {
    const added = await server.ask("POST", "/api/v1/subscribers", { email, confirmed: true });
    expect(added.status).toBe(201);
  }
  const incident = await server.ask<{ id: string }>("POST", "/api/v1/incidents", { title: "db-7 is slow" });
  const updates = `/api/v1/incidents/${incident.body.id}/updates`;
  const published = await server.ask("POST", updates, {
    status: "identified",
    title: "Card payments are failing",
    body: "A database is slow.",
    channels: ["status_page", "email"],
  });
  expect(published.status).toBe(201);

  const sentOf = async (channel: string) => {
    const [update] = (await server.ask<Updates>("GET", updates)).body.items;
    return update?.deliverySummary.find((each) => each.channel === channel)?.sent;
  };
  await expect.poll(() => mail.held.length, WAIT).toBeGreaterThan(0);
  await expect.poll(() => sentOf("email"), WAIT).toBe(TAKEN_AT_ONCE);
  const cutOff = mail.held.length;
  await server.killHard();
  await mail.release(cutOff + TAKEN_AT_ONCE);
  expect(mail.accepted).toHaveLength(TAKEN_AT_ONCE);

  server = await processes.start(environment);
  await expect.poll(() => sentOf("email"), { timeout: 90_000 }).toBe(RECIPIENTS);
  expect(mail.accepted.map(({ to }) => to).sort()).toEqual([...addresses].sort());
  expect(new Set(mail.accepted.map(({ messageId }) => messageId)).size).toBe(RECIPIENTS);
  await expect.poll(() => sentOf("status_page"), WAIT).toBe(1);
  expect((await server.ask("GET", "/status", undefined, { token: null })).text).toContain("Card payments are failing");
  expect(await server.stop()).toEqual({ code: 0, signal: null });
});
