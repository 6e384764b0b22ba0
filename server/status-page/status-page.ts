import type { IncomingHttpHeaders } from "node:http";
import { join } from "node:path";
import { CONFIRM_JOB, CONFIRM_WEBHOOK_JOB, REBUILD_JOB } from "#/server/audience/index.ts";
import type { Core } from "#/server/events/index.ts";
import { messageOf } from "#/server/platform/errors.ts";
import { mayRead, refusal } from "./access.ts";
import { answerOf, keyOf, makeReady, NOT_FOUND_PATH, type PageAnswer, type Ready, typeOfPath } from "./answers.ts";
import { coalesced } from "./coalesced.ts";
import { buildDocuments, privateDocuments } from "./documents.ts";
import { readVersion, writeVersion } from "./files.ts";
import { createSubscriptionForms, type SubscriptionForms } from "./forms.ts";
import type { PageModel } from "./model.ts";
import { asStored } from "./pages/layout.ts";
import { type PageAccessRule, readPageModel } from "./read-model.ts";
import { DAY_MS } from "./rules.ts";
import { sendConfirmation, sendWebhookConfirmation } from "./send-confirmation.ts";

export type StatusPage = {
  /** Shows the last version from disk, then builds a new one. Never throws: an old page is better than none. */
  start(): Promise<void>;
  /** Builds the page from what is committed now. Done when readers see it. @throws when it could not be built. */
  rebuild(): Promise<void>;
  /**
   * The answer to `GET` of an address, or undefined when it is not the page's. From memory and at once, unless only
   * those who are signed in may read the page.
   */
  respond(url: string, headers: IncomingHttpHeaders): PageAnswer | undefined | Promise<PageAnswer>;
  readonly forms: SubscriptionForms;
  stop(): void;
};

/** After a build that failed at the start, until one works. */
const START_RETRY_MS = 5_000;
/** "As of" stays true to a quarter of an hour, and bars move on at midnight, also while nothing happens. */
const REFRESH_MS = 15 * 60_000;

/** Milliseconds until the page should be built again by itself. Pure. */
export function refreshIn(now: Date): number {
  return Math.min(REFRESH_MS, DAY_MS - (now.getTime() % DAY_MS));
}

type Documents = ReadonlyMap<string, Buffer>;
type Shown = Map<string, Ready>;

/** What lies on disk for any server of files: pages that say that they are copies. */
function storedDocuments(documents: Documents): Documents {
  return new Map(
    [...documents].map(([path, body]) => [path, typeOfPath(path).startsWith("text/html") ? asStored(body) : body]),
  );
}

/** Builds the page when nobody waits for it: after a change of the settings, and by itself as time goes on. */
function inBackground(core: Core, build: () => Promise<void>) {
  let next: NodeJS.Timeout | undefined;
  function rebuild(): void {
    build().catch((error: unknown) => {
      core.log.error({ error: messageOf(error) }, "the status page could not be built; the last one is shown");
      setTimeout(rebuild, START_RETRY_MS).unref();
    });
  }
  function start(): void {
    next = setTimeout(() => {
      rebuild();
      start();
    }, refreshIn(core.now()));
    next.unref();
  }
  return { rebuild, start, stop: () => clearTimeout(next) };
}

function registerJobs(core: Core, rebuild: () => Promise<void>): void {
  core.queue.work(REBUILD_JOB, { concurrency: 1, retries: 5 }, () => rebuild());
  core.queue.work(CONFIRM_JOB, { concurrency: 2, retries: 10, timeLimitSeconds: 120 }, (data) =>
    sendConfirmation(core, String(data.subscriberId)),
  );
  core.queue.work(CONFIRM_WEBHOOK_JOB, { concurrency: 2, retries: 10, timeLimitSeconds: 120 }, (data) =>
    sendWebhookConfirmation(core, String(data.subscriberId)),
  );
}

/**
 * The public page of this server: built from what was published, kept as files and in memory, answered without
 * the database. A page that is not for everybody is kept in memory alone; on disk there is only that it is private.
 */
export function createStatusPage(core: Core): StatusPage {
  const root = join(core.config.dataDir, "status");
  /** What everybody gets, and beside it what only those get who may read the page. */
  let open: Shown = new Map();
  let closed: Shown = new Map();
  let rule: PageAccessRule = { kind: "public", linkKey: null };
  let model: PageModel | undefined;

  function ready(documents: Documents, before: Shown, isPrivate: boolean): Shown {
    const now = core.now();
    return new Map(
      [...documents].map(([path, body]) => [path, makeReady({ path, body, isPrivate }, now, before.get(path))]),
    );
  }

  const rebuild = coalesced(async () => {
    const read = await readPageModel(core);
    const documents = await buildDocuments(read);
    const isPublic = read.access.kind === "public";
    const signIn = read.access.kind === "sign_in" ? `${core.config.publicUrl}/sign-in?callbackUrl=/status` : null;
    const forAll = isPublic ? documents : await privateDocuments(signIn);
    if (!isPublic) {
      // Before anything that can fail: from now on nobody else sees it, nor a page of the time when everybody did.
      closed = ready(documents, closed, true);
      open = ready(forAll, open, false);
      rule = read.access;
    }
    // Files first: what readers were shown once survives whatever happens next.
    await writeVersion(root, storedDocuments(forAll), { log: core.log, isOnlyOne: !isPublic });
    open = ready(forAll, open, false);
    rule = read.access;
    model = read;
    if (isPublic) closed = new Map();
  });

  const background = inBackground(core, rebuild);

  function answerFrom(shown: Shown, key: string, headers: IncomingHttpHeaders): PageAnswer | undefined {
    const found = key === NOT_FOUND_PATH ? undefined : shown.get(key);
    if (found) return answerOf(found, headers);
    const missing = key.startsWith("/status/") ? shown.get(NOT_FOUND_PATH) : undefined;
    return missing && answerOf(missing, headers, 404);
  }

  async function answerPrivate(url: string, headers: IncomingHttpHeaders): Promise<PageAnswer> {
    const key = keyOf(url);
    if (await mayRead(core, rule, { url, headers })) return answerFrom(closed, key, headers) ?? refusal();
    const style = open.get(key);
    if (style && typeOfPath(key).startsWith("text/css")) return answerOf(style, headers);
    const notice = typeOfPath(key).startsWith("text/html") && open.get(NOT_FOUND_PATH);
    return notice ? refusal(answerOf(notice, headers, 401)) : refusal();
  }

  registerJobs(core, rebuild);
  core.facts.on("page", background.rebuild);

  return {
    rebuild,
    forms: createSubscriptionForms(core, {
      model: async () => model ?? readPageModel(core),
      isPublic: () => rule.kind === "public",
      mayRead: (asked) => mayRead(core, rule, asked),
    }),
    async start() {
      open = ready(await readVersion(root).catch(() => new Map<string, Buffer>()), open, false);
      // A crash between a commit and its build is healed here.
      await rebuild().catch((error: unknown) => {
        core.log.error({ error: messageOf(error) }, "the status page could not be built at the start");
        setTimeout(background.rebuild, START_RETRY_MS).unref();
      });
      background.start();
    },
    respond(url, headers) {
      const key = keyOf(url);
      if (rule.kind === "public") return answerFrom(open, key, headers);
      if (!closed.has(key) && !key.startsWith("/status/")) return undefined;
      return answerPrivate(url, headers);
    },
    stop: background.stop,
  };
}
