import { createTransport, type SendMailOptions, type SentMessageInfo } from "nodemailer";

/** Where a mail server is, and how long it may keep us waiting at each step, in milliseconds. */
export type MailTarget = {
  host: string;
  port: number;
  secure: boolean;
  ignoreTLS: boolean;
  requireTLS: boolean;
  tls: { servername?: string; rejectUnauthorized: boolean };
  auth?: { user: string; pass: string };
};
type LineOptions = MailTarget & {
  connectionTimeout: number;
  greetingTimeout: number;
  socketTimeout: number;
  dnsTimeout: number;
};

/** How far the dialogue with the server has come. */
export type MailStage = "connecting" | "recipient" | "handed over";

/** A connection without mail is closed after this; many servers do it at ten times that. */
const IDLE_MS = 5_000;
/** Mails over one connection: more than 100 are refused by some servers. */
const MAILS_MAX = 50;
/** Connections without mail that are kept: as many as there are mails on their way at once. */
const KEPT_MAX = 10;

/** The client's logger, which alone tells how far the dialogue was when something failed. */
class Watcher {
  stage: MailStage = "connecting";
  info(entry: unknown): void {
    const { tnx, outByteCount, localAddress } = (entry ?? {}) as Record<string, unknown>;
    if (tnx === "network" && localAddress !== undefined) this.stage = "connecting";
    if (tnx === "message" && outByteCount !== undefined) this.stage = "handed over";
  }
  debug(entry: unknown, line?: unknown, ...rest: unknown[]): void {
    const { tnx } = (entry ?? {}) as { tnx?: unknown };
    const said = [line, ...rest].map(String).join(" ");
    if (tnx === "client" && said.includes("RCPT TO") && this.stage === "connecting") this.stage = "recipient";
  }
  level(): void {}
  trace(): void {}
  warn(): void {}
  error(): void {}
  fatal(): void {}
}

function serverOf(options: LineOptions): string {
  return JSON.stringify(options);
}

/** A connection to a mail server, opened by the first mail. One mail at a time. */
export class MailLine {
  /** Names the server and how it is talked to. */
  readonly server: string;
  readonly #watcher = new Watcher();
  readonly #transport;

  constructor(options: LineOptions) {
    this.server = serverOf(options);
    this.#transport = createTransport({
      ...options,
      pool: true,
      maxConnections: 1,
      maxMessages: MAILS_MAX,
      idleTimeout: IDLE_MS,
      // Once, for a connection that the server had closed before it was told of the mail.
      maxRequeues: 1,
      disableFileAccess: true,
      disableUrlAccess: true,
      logger: this.#watcher,
      debug: true,
    });
  }

  /** How far the last mail came. */
  get stage(): MailStage {
    return this.#watcher.stage;
  }

  send(mail: SendMailOptions): Promise<SentMessageInfo> {
    this.#watcher.stage = "connecting";
    return this.#transport.sendMail(mail);
  }

  /** Cuts off what is on its way. */
  close(): void {
    this.#transport.close({ force: true });
  }
}

/** Connections to one mail server that are kept for the next mails: to connect takes longer than a mail does. */
export class MailLines {
  readonly #kept: MailLine[] = [];
  #server = "";

  /** A line that nobody else uses, kept or new; it ends with `keep`, or with its own `close`. */
  take(options: LineOptions): MailLine {
    const server = serverOf(options);
    if (server !== this.#server) this.close();
    this.#server = server;
    return this.#kept.pop() ?? new MailLine(options);
  }

  /** Keeps a line over which a mail has gone for the next one; false when there are enough, or another server is asked by now. */
  keep(line: MailLine): boolean {
    const isNeeded = line.server === this.#server && this.#kept.length < KEPT_MAX;
    if (isNeeded) this.#kept.push(line);
    return isNeeded;
  }

  close(): void {
    for (const line of this.#kept.splice(0)) line.close();
  }
}
