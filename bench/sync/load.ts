import { setTimeout as pause } from "node:timers/promises";
import { WebSocket } from "ws";
import type { LoadDocument } from "./contenders.ts";
import { editsIn, Typist, tokenOf } from "./typing.ts";
import { awarenessFrame, barrierFrame, openingFrames, readServerFrame, updateFrame, type Wire } from "./wire.ts";

/** One load, as the parent process describes it. */
export type LoadOrder = {
  wire: Wire;
  documents: readonly LoadDocument[];
  clientsPerRoom: number;
  /** Of them type; each types this many edits a second. */
  typistsPerRoom: number;
  editsPerSecond: number;
  /** Times a second that everyone moves their cursor; 0 for never. */
  presencePerSecond: number;
  /** Whether clients send others' presence back, as the plain provider does. */
  repeatsPresence: boolean;
  /** Whether typists ask, after each edit, to be told when it is saved. */
  asksSaved: boolean;
};
export type LoadResult = {
  edits: number;
  delivered: number;
  missing: number;
  fanOutMs: number[];
  savedMs: number[];
  seconds: number;
};

/** A server's sign of life. */
const EMPTY_PRESENCE_BYTES = 3;

class LoadClient {
  readonly socket: WebSocket;
  readonly opened: Promise<void>;
  readonly typist = new Typist();
  readonly #load: Load;
  readonly #name: string;
  readonly #sentAt = new Map<number, number>();
  readonly #heard = new Set<string>();
  #clock = 0;

  constructor(load: Load, document: LoadDocument, index: number) {
    this.#load = load;
    this.#name = document.name;
    const url = document.urls[index % document.urls.length] ?? "";
    this.socket = new WebSocket(url, { perMessageDeflate: false });
    this.opened = new Promise((resolve, reject) => {
      this.socket.once("open", () => {
        for (const frame of openingFrames(load.order.wire, this.#name)) this.socket.send(frame);
      });
      this.socket.on("message", (data: Buffer) => {
        const { kind, value } = readServerFrame(load.order.wire, data);
        if (kind === "step2") resolve();
        else if (kind === "barrier") this.#saved(value);
        else if (kind === "awareness") this.#repeat(data);
        else load.received(data, this.#sentAt);
      });
      this.socket.once("close", (code) => reject(new Error(`the server closed with ${code}`)));
      this.socket.once("error", reject);
    });
  }

  type(): void {
    const edit = this.#load.nextEdit();
    const update = this.typist.type(tokenOf(edit));
    this.#sentAt.set(edit, performance.now());
    this.socket.send(updateFrame(this.#load.order.wire, this.#name, update));
    if (this.#load.order.asksSaved) this.socket.send(barrierFrame(edit));
  }

  move(): void {
    this.#clock += 1;
    const state = { user: { name: "Somebody", color: "#0072b2" }, cursor: { anchor: this.#clock, head: this.#clock } };
    const { clientId } = this.typist;
    this.socket.send(awarenessFrame(this.#load.order.wire, this.#name, clientId, this.#clock, state));
  }

  /** As y-websocket's provider does: what it hears of others it sends back, once. */
  #repeat(frame: Uint8Array): void {
    if (!this.#load.order.repeatsPresence || frame.length <= EMPTY_PRESENCE_BYTES) return;
    const text = Buffer.from(frame).toString("latin1");
    if (this.#heard.has(text)) return;
    this.#heard.clear();
    this.#heard.add(text);
    this.socket.send(frame);
  }

  #saved(edit: number): void {
    const sentAt = this.#sentAt.get(edit);
    if (sentAt !== undefined) this.#load.savedMs.push(performance.now() - sentAt);
  }
}

class Load {
  readonly order: LoadOrder;
  readonly clients: LoadClient[] = [];
  readonly savedMs: number[] = [];
  readonly #sentAt: number[] = [];
  #fanOutMs: number[] = [];
  #delivered = 0;
  #firstMeasured = 0;

  constructor(order: LoadOrder) {
    this.order = order;
  }

  nextEdit(): number {
    this.#sentAt.push(performance.now());
    return this.#sentAt.length - 1;
  }

  /** Counts what came from others; peers send writers their own edits back. */
  received(bytes: Uint8Array, own: ReadonlyMap<number, number>): void {
    for (const edit of editsIn(bytes)) {
      if (edit < this.#firstMeasured || own.has(edit)) continue;
      this.#delivered += 1;
      this.#fanOutMs.push(performance.now() - (this.#sentAt[edit] ?? 0));
    }
  }

  async join(): Promise<void> {
    const { documents, clientsPerRoom } = this.order;
    for (const document of documents) {
      const joining = Array.from({ length: clientsPerRoom }, (_, index) => new LoadClient(this, document, index));
      this.clients.push(...joining);
      await Promise.all(joining.map((client) => client.opened));
    }
  }

  /** Repeats an act of many at even distances until the returned function is called. */
  #each(actors: readonly LoadClient[], perSecond: number, act: (client: LoadClient) => void): () => void {
    if (actors.length === 0 || perSecond === 0) return () => {};
    const startedAt = performance.now();
    let done = 0;
    const timer = setInterval(() => {
      const due = ((performance.now() - startedAt) / 1_000) * perSecond * actors.length;
      for (; done < due; done += 1) {
        const actor = actors[done % actors.length];
        if (actor) act(actor);
      }
    }, 2);
    return () => clearInterval(timer);
  }

  start(): () => void {
    const { clientsPerRoom, typistsPerRoom, editsPerSecond, presencePerSecond } = this.order;
    const typists = this.clients.filter((_, index) => index % clientsPerRoom < typistsPerRoom);
    const ends = [
      this.#each(typists, editsPerSecond, (client) => client.type()),
      this.#each(this.clients, presencePerSecond, (client) => client.move()),
    ];
    return () => {
      for (const end of ends) end();
    };
  }

  beginMeasure(): void {
    this.#firstMeasured = this.#sentAt.length;
    this.#fanOutMs = [];
    this.savedMs.length = 0;
    this.#delivered = 0;
  }

  result(seconds: number): LoadResult {
    const edits = this.#sentAt.length - this.#firstMeasured;
    const expected = edits * (this.order.clientsPerRoom - 1);
    const missing = expected - this.#delivered;
    return { edits, delivered: this.#delivered, missing, fanOutMs: this.#fanOutMs, savedMs: this.savedMs, seconds };
  }
}

type Order = { join: LoadOrder } | { measure: number };

let load: Load | undefined;
let end = () => {};

/** Answers the parent: joined after everyone is in and types; then the result of so many seconds. */
process.on("message", async (order: Order) => {
  if ("join" in order) {
    load = new Load(order.join);
    await load.join();
    end = load.start();
    process.send?.("joined");
  } else if (load) {
    load.beginMeasure();
    const startedAt = performance.now();
    await pause(order.measure);
    end();
    const seconds = (performance.now() - startedAt) / 1_000;
    process.send?.("measured");
    // What is under way arrives.
    await pause(1_000);
    process.send?.(load.result(seconds), () => process.exit(0));
  }
});
process.send?.("ready");
