import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { asc } from "drizzle-orm";
import { SMTPServer } from "smtp-server";
import { deliveries, incidents, services, settings, subscribers, suppressions } from "#/db/schema/index.ts";
import { MailLines } from "#/server/notify/index.ts";
import { fakeOutside } from "#/server/testing/fake-outside.ts";
import { createSlackWorkspace } from "#/server/testing/slack-workspace.ts";
import { type EnqueuedJob, type TestCore, testCore } from "#/server/testing/test-core.ts";
import { Aside } from "./aside.ts";
import { type Courier, createCourier } from "./deliver.ts";
import { type DeliveryRow, FAN_OUT_JOB, fanOut } from "./delivery-store.ts";
import { Pauses } from "./pauses.ts";
import type { Outcome } from "./record-outcomes.ts";
import type { Doors, PageBuilder } from "./send-delivery.ts";
import type { OutboundChannel } from "./shared/lists.ts";

export type SlackAnswer = { status?: number; headers?: Record<string, string>; body?: unknown } | "hang up" | "silence";
export type SlackCall = { method: string; args: Record<string, string> };

/** A Slack that writes down what it is asked, and answers as the test says, else as a workspace of its own does. */
export async function fakeSlack() {
  const workspace = createSlackWorkspace();
  const calls: SlackCall[] = [];
  const script = { answer: (_call: SlackCall, _count: number): SlackAnswer => ({}) };
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      // Only answers that come later are JSON; the official client sends forms.
      const isJson = request.headers["content-type"]?.includes("json") ?? false;
      const args: Record<string, string> = isJson ? { json: body } : Object.fromEntries(new URLSearchParams(body));
      const call = { method: request.url?.split("/").pop() ?? "", args };
      calls.push(call);
      const answer = script.answer(call, calls.length);
      // Longer than anybody who waits for us does: the client gives up.
      if (answer === "silence") return;
      if (answer === "hang up") return void request.socket.destroy();
      response.writeHead(answer.status ?? 200, { "content-type": "application/json", ...answer.headers });
      const isScripted = answer.body !== undefined || answer.status !== undefined;
      response.end(
        JSON.stringify(isScripted ? (answer.body ?? { ok: true }) : workspace.answer(call.method, call.args)),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { apiUrl, calls, script, workspace, close };
}

export type Refusal = number | { code: number; text: string } | "tarpit" | undefined;

/**
 * A real mail server that keeps what it is given. It may refuse an address, or keep whoever names it waiting for ever;
 * it can go away and come back at its address.
 */
export async function fakeMail() {
  const mails: { to: string; from: string; source: string }[] = [];
  const script = { refuse: (_address: string): Refusal => undefined };
  const held: ((error: Error) => void)[] = [];
  /** Answers at last whoever was kept waiting: later. */
  const letGo = () => {
    for (const answer of held.splice(0)) answer(Object.assign(new Error("4.7.0 too busy"), { responseCode: 451 }));
  };
  const make = () => {
    const server = new SMTPServer({
      disabledCommands: ["STARTTLS", "AUTH"],
      closeTimeout: 50,
      onRcptTo({ address }, _session, callback) {
        const refusal = script.refuse(address);
        if (refusal === "tarpit") return void held.push(callback);
        const { code, text } = typeof refusal === "object" ? refusal : { code: refusal, text: "not now" };
        callback(code ? Object.assign(new Error(text), { responseCode: code }) : null);
      },
      onData(stream, { envelope }, callback) {
        const chunks: Buffer[] = [];
        stream.on("data", (chunk: Buffer) => chunks.push(chunk));
        stream.on("end", () => {
          const from = envelope.mailFrom ? envelope.mailFrom.address : "";
          const source = Buffer.concat(chunks).toString();
          for (const one of envelope.rcptTo) mails.push({ to: one.address, from, source });
          callback(null);
        });
      },
    });
    // Whoever was kept waiting breaks off.
    server.on("error", () => {});
    return server;
  };
  let server = make();
  let port = 0;
  const listen = async () => {
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    port = (server.server.address() as AddressInfo).port;
  };
  await listen();
  let isAway = false;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  const goAway = () => {
    isAway = true;
    return close();
  };
  const comeBack = async () => {
    if (!isAway) return;
    isAway = false;
    server = make();
    await listen();
  };
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    script,
    heldCount: () => held.length,
    letGo,
    close,
    goAway,
    comeBack,
  };
}

function rowsIn(test: TestCore): Promise<DeliveryRow[]> {
  return test.core.db.read.select().from(deliveries).orderBy(asc(deliveries.createdAt), asc(deliveries.id));
}

async function emptyTables(test: TestCore): Promise<void> {
  for (const table of [incidents, subscribers, suppressions, settings, services]) await test.core.db.read.delete(table);
}

/** A page that counts how often it was built, and fails when it is told to. */
function countedPage() {
  const page = { builds: 0, fails: false };
  const builder: PageBuilder = {
    async rebuild() {
      if (page.fails) throw new Error("no space left on device");
      page.builds += 1;
    },
  };
  return { page, builder };
}

type Worker = (data: Record<string, unknown>) => Promise<void>;

/** Runs jobs as the queue would: those of other domains by the workers that their tests give. */
function jobRunner(test: TestCore, pauses: Pauses, doors: Omit<Doors, "page">) {
  const workers = new Map<string, Worker>();
  const couriers = new Map<PageBuilder, Map<string, Courier>>();
  function courierOf(name: string, using: PageBuilder): Courier {
    const own = couriers.get(using) ?? new Map<string, Courier>();
    couriers.set(using, own);
    const channel = name.slice("deliver.".length) as OutboundChannel;
    const courier = own.get(name) ?? createCourier(test.core, { ...doors, page: using }, pauses, channel);
    own.set(name, courier);
    return courier;
  }
  async function runOne(name: string, data: Record<string, unknown>, using: PageBuilder): Promise<void> {
    const worker = workers.get(name);
    if (worker) await worker(data);
    else if (name === FAN_OUT_JOB) await fanOut(test.core, data as { incidentId: string; after?: string });
    else if (name.startsWith("deliver.")) await courierOf(name, using)(String(data.deliveryId));
  }

  function takeDue(): EnqueuedJob | undefined {
    const index = test.jobs.findIndex((job) => !job.options.startAt || job.options.startAt <= test.clock.at);
    return index < 0 ? undefined : test.jobs.splice(index, 1)[0];
  }

  async function takeTurns(aside: Aside, using: PageBuilder): Promise<void> {
    const job = takeDue();
    if (!job) return;
    const run = () => runOne(job.name, job.data, using);
    await (job.name === FAN_OUT_JOB ? run() : aside.run(run));
    await takeTurns(aside, using);
  }

  return { workers, runOne, takeDue, takeTurns };
}

/** A core whose outside world is faked, and whose jobs run when the test says so. */
export async function testOutbox(config: Parameters<typeof testCore>[0] = {}) {
  const slack = await fakeSlack();
  const mail = await fakeMail();
  const world = await fakeOutside();
  const test: TestCore = await testCore({
    slack: { botToken: "xoxb-1", channel: "C1", apiUrl: slack.apiUrl },
    smtpUrl: mail.url,
    mailFrom: "Muster <muster@example.com>",
    ...config,
  });
  const pauses = new Pauses();
  const lines = new MailLines();
  const limits: NonNullable<Doors["limits"]> = {};
  const { page, builder } = countedPage();

  const ends = { source: async (_row: DeliveryRow): Promise<Outcome> => ({ ok: true, providerId: "none" }) };
  const doors = { outside: world.outside, source: (row: DeliveryRow) => ends.source(row), limits, lines };
  const { workers, runOne, takeDue, takeTurns } = jobRunner(test, pauses, doors);

  return {
    ...test,
    slack,
    mail,
    world,
    workers,
    ends,
    page,
    pauses,
    limits,
    /** Runs what is due, and what that makes due, in order. */
    async runJobs(using: PageBuilder = builder): Promise<void> {
      for (;;) {
        const job = takeDue();
        if (!job) return;
        await runOne(job.name, job.data, using);
      }
    },
    /** The same with several workers at once, as a running server has them; slow work goes aside after `holdMs`. */
    async runJobsAtOnce(workers: number, holdMs: number): Promise<Aside> {
      const aside = new Aside(test.core.log, holdMs);
      await Promise.all(Array.from({ length: workers }, () => takeTurns(aside, builder)));
      return aside;
    },
    /** Lets time pass until the next job is due, and runs what is due then. */
    async runNext(): Promise<void> {
      const due = test.jobs.flatMap((job) => job.options.startAt?.getTime() ?? []);
      if (due.length > 0) test.clock.at = new Date(Math.max(Math.min(...due), test.clock.at.getTime()));
      await this.runJobs();
    },
    wait(ms: number): void {
      test.clock.at = new Date(test.clock.at.getTime() + ms);
    },
    rows: () => rowsIn(test),
    /** Everything as at the start, but the people and components. */
    async reset(): Promise<void> {
      await emptyTables(test);
      test.jobs.length = 0;
      slack.calls.length = 0;
      slack.workspace.clear();
      mail.mails.length = 0;
      world.calls.length = 0;
      world.script.answer = () => ({});
      slack.script.answer = () => ({});
      mail.script.refuse = () => undefined;
      mail.letGo();
      await mail.comeBack();
      pauses.clear();
      Object.assign(page, { builds: 0, fails: false });
    },
    async close(): Promise<void> {
      slack.close();
      world.close();
      lines.close();
      await mail.close();
      await test.close();
    },
  };
}
export type TestOutbox = Awaited<ReturnType<typeof testOutbox>>;
