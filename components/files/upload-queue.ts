import type { FileView } from "#/server/files/contract.ts";
import { fileMarkdown } from "#/server/files/shared/file-link.ts";
import { FILE_BYTES_MAX } from "#/server/files/shared/lists.ts";
import { NOTE_BYTES_MAX } from "#/server/timeline/shared/lists.ts";
import { bytesOf, logFile, logMarkdown } from "./pasted.ts";
import type { Place } from "./text-place.ts";
import type { Upload } from "./upload-file.ts";

/** Sent at once; the others wait, so that notes still get through a thin line. */
export const SENT_AT_ONCE_MAX = 2;
/** Taken at once; a whole folder is rarely meant. */
export const TAKEN_AT_ONCE_MAX = 20;

export type UploadRow = {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly state: "waiting" | "sending" | "done" | "failed";
  /** How much is sent, from 0 to 1. */
  readonly part: number;
  readonly problem: string | null;
  /** False for what no other try would change. */
  readonly canRetry: boolean;
  /** True for pasted text that would fit into a note. */
  readonly canBeText: boolean;
};
type Job = { row: UploadRow; file: File; place: Place; text: string | null; abort: AbortController; added?: FileView };
type Outside = {
  send: (upload: Omit<Upload, "incidentId">) => Promise<FileView>;
  remove: (file: FileView) => Promise<unknown>;
  problemText: (error: unknown) => string;
};

function newId(): string {
  // crypto.randomUUID is missing outside secure contexts.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function firstProblem(file: File): string | null {
  if (file.size === 0) return "The file is empty, or it is a folder.";
  return file.size > FILE_BYTES_MAX ? `A file has at most ${FILE_BYTES_MAX / 1024 / 1024} MiB.` : null;
}

/** The uploads of one text: two at a time, each put into the text when it is kept. They go on when the text is closed. */
export class UploadQueue {
  readonly #outside: Outside;
  readonly #jobs = new Map<string, Job>();
  readonly #listeners = new Set<() => void>();
  #rows: readonly UploadRow[] = [];
  #sending = 0;
  /** Told of a failure; the owner may no longer show the rows. */
  onFailed: (row: UploadRow) => void = () => {};

  constructor(outside: Outside) {
    this.#outside = outside;
  }

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly rows = () => this.#rows;

  /** Sends files, at most twenty. */
  add(files: readonly File[], placeOf: () => Place): void {
    for (const file of files.slice(0, TAKEN_AT_ONCE_MAX)) this.#take(file, placeOf(), null);
  }

  /** Makes long pasted text a file, and puts its first lines into the text. */
  addText(text: string, place: Place, at: Date): void {
    this.#take(logFile(text, at), place, text);
  }

  /** The same upload again, which the server takes for one. */
  retry(id: string): void {
    this.#change(id, { state: "waiting", problem: null });
    this.#sendNext();
  }

  /** Stops an upload, or takes away what is said of it. */
  dismiss(id: string): void {
    const job = this.#jobs.get(id);
    if (!job) return;
    this.#jobs.delete(id);
    job.abort.abort();
    job.place.end();
    this.#show();
  }

  /** Puts what was pasted into the text after all. The file that stood for it goes; when it cannot, it does no harm. */
  pasteAsText(id: string): void {
    const job = this.#jobs.get(id);
    if (!job || job.text === null) return;
    job.place.replace(job.text);
    this.dismiss(id);
    if (job.added) this.#outside.remove(job.added).catch(() => undefined);
  }

  #take(file: File, place: Place, text: string | null): void {
    for (const { row } of this.#jobs.values()) if (row.state === "done") this.dismiss(row.id);
    const problem = firstProblem(file);
    const row: UploadRow = {
      id: newId(),
      name: file.name,
      size: file.size,
      state: problem ? "failed" : "waiting",
      part: 0,
      problem,
      canRetry: problem === null,
      canBeText: text !== null && bytesOf(text) <= NOTE_BYTES_MAX,
    };
    this.#jobs.set(row.id, { row, file, place, text, abort: new AbortController() });
    this.#show();
    this.#sendNext();
  }

  #sendNext(): void {
    const waiting = [...this.#jobs.values()].filter(({ row }) => row.state === "waiting");
    for (const job of waiting.slice(0, SENT_AT_ONCE_MAX - this.#sending)) {
      this.#sending += 1;
      void this.#send(job).finally(() => {
        this.#sending -= 1;
        this.#sendNext();
      });
    }
  }

  async #send({ row: { id }, file, place, text, abort }: Job): Promise<void> {
    this.#change(id, { state: "sending", part: 0 });
    try {
      const onProgress = (part: number) => this.#change(id, { part });
      const added = await this.#outside.send({ file, key: id, signal: abort.signal, onProgress });
      const job = this.#jobs.get(id);
      // Cancelled, or put in as text, while the answer was on its way.
      if (!job) return void (await this.#outside.remove(added).catch(() => undefined));
      job.added = added;
      place.put(text === null ? fileMarkdown(added) : logMarkdown(text, added));
      if (text === null) this.dismiss(id);
      else this.#change(id, { state: "done" });
    } catch (error) {
      if (abort.signal.aborted) return;
      this.#change(id, { state: "failed", problem: this.#outside.problemText(error) });
      const row = this.#jobs.get(id)?.row;
      if (row) this.onFailed(row);
    }
  }

  #change(id: string, now: Partial<UploadRow>): void {
    const job = this.#jobs.get(id);
    if (!job) return;
    job.row = { ...job.row, ...now };
    this.#show();
  }

  #show(): void {
    this.#rows = [...this.#jobs.values()].map(({ row }) => row);
    for (const listener of this.#listeners) listener();
  }
}
