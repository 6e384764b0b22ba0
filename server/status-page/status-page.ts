import type { IncomingHttpHeaders } from "node:http";
import { join } from "node:path";
import { CONFIRM_JOB, REBUILD_JOB } from "#/server/audience/index.ts";
import type { Core } from "#/server/events/index.ts";
import { messageOf } from "#/server/platform/errors.ts";
import { answerOf, keyOf, makeReady, NOT_FOUND_PATH, type PageAnswer, type Ready } from "./answers.ts";
import { buildDocuments } from "./documents.ts";
import { readVersion, writeVersion } from "./files.ts";
import { createSubscriptionForms, type SubscriptionForms } from "./forms.ts";
import type { PageComponent } from "./model.ts";
import { readPageModel } from "./read-model.ts";
import { sendConfirmation } from "./send-confirmation.ts";

export type StatusPage = {
  /** Shows the last version from disk, then builds a new one. Never throws: an old page is better than none. */
  start(): Promise<void>;
  /** Builds the page from what is committed now. Done when readers see it. @throws when it could not be built. */
  rebuild(): Promise<void>;
  /** The answer to `GET` of a path from memory, or undefined when the path is not the page's. */
  respond(path: string, headers: IncomingHttpHeaders): PageAnswer | undefined;
  readonly forms: SubscriptionForms;
};

/** After a build that failed at the start, until one works. */
const START_RETRY_MS = 5_000;

/** Runs `work` one at a time; whoever asks while it runs shares the one run after it. */
export function coalesced(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let waiting: Promise<void> | undefined;
  const run = () => {
    const current = work().finally(() => {
      if (running === current) running = undefined;
    });
    running = current;
    return current;
  };
  return () => {
    if (!running) return run();
    // What is committed while a build reads may not be in it: the next one starts after this one has ended.
    waiting ??= running
      .catch(() => {})
      .then(() => {
        waiting = undefined;
        return run();
      });
    return waiting;
  };
}

/**
 * The public page of this server: built from what was published, kept as files and in memory, answered without
 * the database.
 */
export function createStatusPage(core: Core): StatusPage {
  const root = join(core.config.dataDir, "status");
  let shown = new Map<string, Ready>();
  let components: readonly PageComponent[] = [];

  function show(documents: ReadonlyMap<string, Buffer>): void {
    shown = new Map([...documents].map(([path, body]) => [path, makeReady(path, body, shown.get(path))]));
  }

  const rebuild = coalesced(async () => {
    const model = await readPageModel(core);
    const documents = await buildDocuments(model);
    // Files first: what readers were shown once survives whatever happens next.
    await writeVersion(root, documents, core.log);
    show(documents);
    components = model.components;
  });

  function rebuildInBackground(): void {
    rebuild().catch((error: unknown) => {
      core.log.error({ error: messageOf(error) }, "the status page could not be built; the last one is shown");
      setTimeout(rebuildInBackground, START_RETRY_MS).unref();
    });
  }

  core.queue.work(REBUILD_JOB, { concurrency: 1, retries: 5 }, () => rebuild());
  core.queue.work(CONFIRM_JOB, { concurrency: 2, retries: 10, timeLimitSeconds: 120 }, (data) =>
    sendConfirmation(core, String(data.subscriberId)),
  );
  core.facts.on("page", rebuildInBackground);

  return {
    rebuild,
    forms: createSubscriptionForms(core, () => components),
    async start() {
      show(await readVersion(root).catch(() => new Map<string, Buffer>()));
      // A crash between a commit and its build is healed here.
      await rebuild().catch((error: unknown) => {
        core.log.error({ error: messageOf(error) }, "the status page could not be built at the start");
        setTimeout(rebuildInBackground, START_RETRY_MS).unref();
      });
    },
    respond(path, headers) {
      const key = keyOf(path);
      const ready = key === NOT_FOUND_PATH ? undefined : shown.get(key);
      if (ready) return answerOf(ready, headers);
      if (!key.startsWith("/status/")) return undefined;
      const missing = shown.get(NOT_FOUND_PATH);
      return missing && answerOf(missing, headers, 404);
    },
  };
}
