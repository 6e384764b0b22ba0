import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { asc } from "drizzle-orm";
import { SMTPServer } from "smtp-server";
import { deliveries, incidents, services, settings, subscribers } from "#/db/schema/index.ts";
import { fakeOutside } from "#/server/testing/fake-outside.ts";
import { createSlackWorkspace } from "#/server/testing/slack-workspace.ts";
import { type TestCore, testCore } from "#/server/testing/test-core.ts";
import { deliver, type Pauses } from "./deliver.ts";
import { type DeliveryRow, FAN_OUT_JOB, fanOut } from "./delivery-store.ts";
import type { Outcome } from "./record-outcome.ts";
import type { PageBuilder } from "./send-delivery.ts";

export type SlackAnswer = { status?: number; headers?: Record<string, string>; body?: unknown } | "hang up" | "slow";
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
      if (answer === "hang up") return void request.socket.destroy();
      // Longer than anybody who waits for us does: the client gives up.
      if (answer === "slow") return;
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

/** A mail server that keeps what it is given; `refuse` may answer a code for an address. */
export async function fakeMail() {
  const mails: { to: string; source: string }[] = [];
  const script = { refuse: (_address: string): number | undefined => undefined };
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS", "AUTH"],
    onRcptTo({ address }, _session, callback) {
      const code = script.refuse(address);
      callback(code ? Object.assign(new Error("not now"), { responseCode: code }) : null);
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        for (const one of session.envelope.rcptTo)
          mails.push({ to: one.address, source: Buffer.concat(chunks).toString() });
        callback(null);
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  return { url, mails, script, close: () => new Promise<void>((resolve) => server.close(() => resolve())) };
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
  const pauses: Pauses = new Map();
  const page = { builds: 0, fails: false };
  const builder: PageBuilder = {
    async rebuild() {
      if (page.fails) throw new Error("no space left on device");
      page.builds += 1;
    },
  };

  /** Jobs of other domains, by name; tests of those give them. */
  const workers = new Map<string, (data: Record<string, unknown>) => Promise<void>>();
  const ends = { source: async (_row: DeliveryRow): Promise<Outcome> => ({ ok: true, providerId: "none" }) };

  async function runOne(name: string, data: Record<string, unknown>, using: PageBuilder): Promise<void> {
    const doors = { page: using, outside: world.outside, source: (row: DeliveryRow) => ends.source(row) };
    const worker = workers.get(name);
    if (worker) await worker(data);
    else if (name === FAN_OUT_JOB) await fanOut(test.core, data as { incidentId: string; after?: string });
    else if (name.startsWith("deliver.")) await deliver(test.core, doors, pauses, String(data.deliveryId));
  }

  return {
    ...test,
    slack,
    mail,
    world,
    workers,
    ends,
    page,
    pauses,
    /** Runs what is due, and what that makes due, in order. */
    async runJobs(using: PageBuilder = builder): Promise<void> {
      for (;;) {
        const index = test.jobs.findIndex((job) => !job.options.startAt || job.options.startAt <= test.clock.at);
        const [job] = index < 0 ? [] : test.jobs.splice(index, 1);
        if (!job) return;
        await runOne(job.name, job.data, using);
      }
    },
    wait(ms: number): void {
      test.clock.at = new Date(test.clock.at.getTime() + ms);
    },
    rows(): Promise<DeliveryRow[]> {
      return test.core.db.read.select().from(deliveries).orderBy(asc(deliveries.createdAt), asc(deliveries.id));
    },
    /** Everything as at the start, but the people and components. */
    async reset(): Promise<void> {
      for (const table of [incidents, subscribers, settings, services]) await test.core.db.read.delete(table);
      test.jobs.length = 0;
      slack.calls.length = 0;
      slack.workspace.clear();
      mail.mails.length = 0;
      world.calls.length = 0;
      world.script.answer = () => ({});
      slack.script.answer = () => ({});
      mail.script.refuse = () => undefined;
      pauses.clear();
      Object.assign(page, { builds: 0, fails: false });
    },
    async close(): Promise<void> {
      slack.close();
      world.close();
      await mail.close();
      await test.close();
    },
  };
}
export type TestOutbox = Awaited<ReturnType<typeof testOutbox>>;
