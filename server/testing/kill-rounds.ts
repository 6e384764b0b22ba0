import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { asc, desc, eq } from "drizzle-orm";
import type { Doc } from "yjs";
import { type Database, openEmbedded, openPostgres } from "#/db/client.ts";
import { documentSnapshots, documents, documentUpdates } from "#/db/schema/index.ts";
import { contentHash, documentFrom } from "#/server/documents/index.ts";
import { messageOf } from "#/server/platform/errors.ts";
import { Manuscript, type TypedDocument, Typist } from "./kill-typist.ts";
import { type Random, seeded } from "./seeded.ts";
import { freePort, PROCESS_TOKEN, type ServerProcess, startServerProcess } from "./server-process.ts";
import { Client } from "./test-sync.ts";
import { TokenLedger, textsOf } from "./token-ledger.ts";

/** Typists who keep typing while the server they type at is killed again and again. */
export type KillStory = {
  /** Of an empty or used place: data folder, and database if it has one of its own. */
  environment: Record<string, string>;
  kills: number;
  /** Chooses what is typed, where, and when the kills come; the machine's own timing is not repeated. */
  seed: number;
};

export type KillFindings = {
  kills: number;
  edits: number;
  /** Edits that their writers held, not acknowledged, at the moment of a kill. */
  cutOff: number;
  /** Acknowledged edits that were gone after a kill, or any edit gone although its writer came back. */
  lost: string[];
  doubled: string[];
  /** Everything else that may not happen, in words. */
  broken: string[];
  restartMs: number[];
  /** From a kill until everybody who typed is told again that all is saved. */
  savedAgainMs: number[];
};

export function noFindings(): KillFindings {
  return { kills: 0, edits: 0, cutOff: 0, lost: [], doubled: [], broken: [], restartMs: [], savedAgainMs: [] };
}

const TYPISTS = ["ada", "ben", "cleo", "dan", "eve"];
/** Some kills come before everybody is back, the others while all of them type. */
const EARLY_KILL_SHARE = 0.3;
const EARLY_KILL_MS = 400;
const TYPING_MS_MIN = 50;
const TYPING_MS_MAX = 700;
const COME_BACK_MS = 30;
const ANSWER_LIMIT_MS = 180_000;
const TIMELINE_LIMIT_MS = 5_000;

async function until(what: string, isTrue: () => boolean): Promise<void> {
  const end = performance.now() + ANSWER_LIMIT_MS;
  while (!isTrue()) {
    if (performance.now() > end) throw new Error(`${what} did not come within ${ANSWER_LIMIT_MS / 1_000} s`);
    await pause(5);
  }
}

class KillStoryRun {
  readonly findings = noFindings();
  readonly #environment: Record<string, string>;
  readonly #random: Random;
  readonly #seed: number;
  readonly #ledger = new TokenLedger();
  #server: ServerProcess;
  #documents: TypedDocument[] = [];
  #typists: Typist[] = [];

  constructor(story: KillStory, environment: Record<string, string>, server: ServerProcess) {
    this.#environment = environment;
    this.#seed = story.seed;
    this.#random = seeded(story.seed);
    this.#server = server;
  }

  get #url(): string {
    return `${this.#server.url.replace("http", "ws")}/sync`;
  }

  get #manuscripts(): Manuscript[] {
    return this.#typists.flatMap((typist) => [...typist.manuscripts]);
  }

  async #post<T>(path: string, body: object): Promise<T> {
    const answer = await this.#server.ask<T>("POST", path, body);
    if (answer.status !== 201) throw new Error(`${path} answered ${answer.status}: ${answer.text}`);
    return answer.body;
  }

  /** Two incidents, and people who are responders of their own. */
  async prepare(): Promise<void> {
    const one = await this.#post<{ id: string }>("/api/v1/incidents", { title: "Typing" });
    const two = await this.#post<{ id: string }>("/api/v1/incidents", { title: "Typing elsewhere" });
    const named = (incidentId: string, kind: "notes" | "summary") => ({
      name: `incidents/${incidentId}/${kind}`,
      incidentId,
      kind,
    });
    this.#documents = [named(one.id, "notes"), named(one.id, "summary"), named(two.id, "summary")];
    for (const [index, name] of TYPISTS.entries()) {
      const email = `${name}.${one.id}@example.com`;
      const user = await this.#post<{ id: string }>("/api/v1/users", { email, name, role: "responder" });
      const { token } = await this.#post<{ token: string }>("/api/v1/tokens", { name, userId: user.id });
      const manuscripts = this.#documents.map((document) => new Manuscript(this.#url, document, token));
      this.#typists.push(new Typist(name, manuscripts, this.#ledger, seeded(this.#seed * 31 + index)));
    }
    await until("the documents", () => this.#manuscripts.every((manuscript) => manuscript.isConnected));
  }

  /** Types, kills, starts again, looks at what is there without those who typed, and lets them come back; so many times. */
  async run(kills: number): Promise<void> {
    const typing = Promise.all(this.#typists.map((typist) => typist.typeOn()));
    try {
      for (let kill = 0; kill < kills; kill += 1) await this.#round(kill === 0);
    } finally {
      for (const typist of this.#typists) typist.stop();
      await typing;
    }
    await this.#everybodySaved();
    await this.#lookAtTheEnd();
  }

  async #round(isFirst: boolean): Promise<void> {
    if (!isFirst && this.#random() < EARLY_KILL_SHARE) {
      await pause(this.#random() * EARLY_KILL_MS);
    } else {
      await pause(TYPING_MS_MIN + this.#random() * (TYPING_MS_MAX - TYPING_MS_MIN));
    }
    await this.#server.killHard();
    const killedAt = performance.now();
    this.findings.kills += 1;
    for (const manuscript of this.#manuscripts) this.findings.cutOff += manuscript.cut();
    await this.#restart();
    for (const document of this.#documents) await this.#lookAlone(document);
    const back = Promise.all(this.#typists.map((typist) => typist.comeBack(COME_BACK_MS)));
    if (this.#random() < EARLY_KILL_SHARE) return void (await back);
    await back;
    await this.#allConnected();
    const asked = this.#manuscripts.map((manuscript) => manuscript.client.barrier());
    await until("everybody's acknowledgements", () => asked.every((isAnswered) => isAnswered()));
    this.findings.savedAgainMs.push(performance.now() - killedAt);
  }

  async #allConnected(): Promise<void> {
    const away = () => this.#manuscripts.filter((manuscript) => !manuscript.isConnected);
    await until("everybody's documents", () => away().length === 0).catch((error) => {
      const why = away().map(
        ({ client, document }) => `${document.kind} ${client.closedWith} ${client.notices.at(-1)?.message}`,
      );
      throw new Error(`${messageOf(error)}: ${why.join("; ")}; ${this.#server.stdout().slice(-500)}`);
    });
  }

  async #restart(): Promise<void> {
    const startedAt = performance.now();
    this.#server = await startServerProcess(this.#environment);
    this.findings.restartMs.push(performance.now() - startedAt);
  }

  /** The document as somebody sees it who was not there before, while those who typed are away. */
  async #lookAlone(document: TypedDocument): Promise<void> {
    const reader = await this.#reader(document);
    this.#note(document, reader.doc, false, `after kill ${this.findings.kills}`);
    reader.leave();
  }

  async #reader(document: TypedDocument): Promise<Client> {
    const reader = new Client(this.#url, document.name, PROCESS_TOKEN);
    await until(`${document.kind} for a newcomer`, () => reader.provider.synced);
    return reader;
  }

  #note(document: TypedDocument, doc: Doc, isWhole: boolean, when: string): void {
    const texts = textsOf(doc, document.kind).map(String);
    const faults = this.#ledger.faultsIn(document.name, texts, isWhole);
    this.findings.lost.push(...faults.lost);
    this.findings.doubled.push(...faults.doubled);
    for (const token of faults.undeleted) this.findings.broken.push(`${token} came back ${when}`);
    for (const debris of faults.debris) this.findings.broken.push(`debris in ${document.kind} ${when}: ${debris}`);
  }

  async #everybodySaved(): Promise<void> {
    for (const { client } of this.#manuscripts) client.provider.connect();
    await this.#allConnected();
    for (const manuscript of this.#manuscripts) manuscript.ask();
    await until("everybody's last acknowledgement", () => this.#manuscripts.every((each) => each.isSaved));
    for (const { client, document } of this.#manuscripts) {
      if (client.closedWith !== null)
        this.findings.broken.push(`${document.kind} was closed with ${client.closedWith}`);
    }
  }

  /** All replicas, a newcomer's, the rows of the log and the snapshots must be one text, and the notes of the timeline too. */
  async #lookAtTheEnd(): Promise<void> {
    const fates = this.#ledger.all;
    this.findings.edits = fates.length + fates.filter((fate) => fate.isDeleted !== "no").length;
    const hashes = new Map<TypedDocument, string>();
    for (const document of this.#documents) {
      const reader = await this.#reader(document);
      hashes.set(document, contentHash(reader.doc, document.kind));
      this.#note(document, reader.doc, true, "at the end");
      await this.#compareReplicas(document, hashes.get(document) ?? "");
      if (document.kind === "notes") await this.#compareTimeline(document, reader.doc);
      reader.leave();
    }
    for (const { client } of this.#manuscripts) client.leave();
    await this.#server.killHard();
    const db = await this.#openDatabase();
    for (const [document, hash] of hashes) await this.#compareLog(db, document, hash);
    await db.close();
  }

  async #compareReplicas(document: TypedDocument, hash: string): Promise<void> {
    const own = this.#manuscripts.filter((each) => each.document === document);
    const differing = () => own.filter(({ client }) => contentHash(client.doc, document.kind) !== hash);
    await until("equal replicas", () => differing().length === 0).catch(() => {
      this.findings.broken.push(`${differing().length} replicas of ${document.kind} differ from a newcomer's`);
    });
    if (own.some(({ client }) => client.doc.store.pendingStructs || client.doc.store.pendingDs)) {
      this.findings.broken.push(`a replica of ${document.kind} waits for something that never came`);
    }
  }

  /** The timeline follows the document within about a second (SY26); more than that on a busy machine is still no loss. */
  async #compareTimeline(document: TypedDocument, doc: Doc): Promise<void> {
    const typed = textsOf(doc, "notes").map(String).sort().join("\n");
    const end = performance.now() + TIMELINE_LIMIT_MS;
    while ((await this.#notesShown(document)) !== typed) {
      if (performance.now() > end) {
        this.findings.broken.push("the notes of the timeline are not those of the document");
        return;
      }
      await pause(100);
    }
  }

  async #notesShown(document: TypedDocument): Promise<string> {
    const path = `/api/v1/incidents/${document.incidentId}/timeline?limit=200`;
    const { body } = await this.#server.ask<{ items: { kind: string; body: string | null }[] }>("GET", path);
    const shown = body.items.filter((entry) => entry.kind === "note").map((entry) => entry.body ?? "");
    return shown.sort().join("\n");
  }

  #openDatabase(): Promise<Database> | Database {
    const { DATABASE_URL, DATA_DIR = "" } = this.#environment;
    return DATABASE_URL ? openPostgres(DATABASE_URL, 1) : openEmbedded(join(DATA_DIR, "database"));
  }

  async #compareLog(db: Database, { incidentId, kind }: TypedDocument, hash: string): Promise<void> {
    const found = await db.read.select().from(documents).where(eq(documents.incidentId, incidentId));
    const row = found.find((each) => each.kind === kind);
    if (!row) return void this.findings.broken.push(`${kind} is not in the database`);
    const rows = await db.read
      .select()
      .from(documentUpdates)
      .where(eq(documentUpdates.documentId, row.id))
      .orderBy(asc(documentUpdates.seq));
    const isGapless = rows.every(({ seq }, index) => seq === index + 1) && rows.length === row.headSeq;
    if (!isGapless) this.findings.broken.push(`the log of ${kind} has holes`);
    const all = rows.map(({ bytes }) => bytes);
    if (contentHash(documentFrom(kind, all), kind) !== hash) {
      this.findings.broken.push(`${kind} rebuilt from its rows is another text`);
    }
    const snapshots = await db.read
      .select()
      .from(documentSnapshots)
      .where(eq(documentSnapshots.documentId, row.id))
      .orderBy(desc(documentSnapshots.seq));
    for (const { seq, bytes } of snapshots) {
      const rebuilt = documentFrom(kind, [bytes, ...all.slice(seq)]);
      if (contentHash(rebuilt, kind) !== hash) this.findings.broken.push(`the snapshot of ${kind} at ${seq} is wrong`);
    }
    if (row.epoch !== 1) this.findings.broken.push(`the history of ${kind} was replaced`);
  }

  async close(): Promise<void> {
    for (const typist of this.#typists) typist.stop();
    for (const { client } of this.#manuscripts) client.leave();
    await this.#server.killHard();
  }
}

/** Runs one story to its end and says what was found; the process of its server is gone afterwards. */
export async function runKillStory(story: KillStory): Promise<KillFindings> {
  const environment = { ...story.environment, MUSTER_API_TOKEN: PROCESS_TOKEN, PORT: String(await freePort()) };
  const run = new KillStoryRun(story, environment, await startServerProcess(environment));
  try {
    await run.prepare();
    await run.run(story.kills);
    return run.findings;
  } catch (error) {
    const { kills } = run.findings;
    throw new Error(`the story of seed ${story.seed} ended after ${kills} kills: ${messageOf(error)}`, {
      cause: error,
    });
  } finally {
    await run.close();
  }
}
