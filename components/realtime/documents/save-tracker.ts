/** Where the edits of a document are: on disk, on their way, connected but not stored, or only here. */
export type SaveState = "saved" | "saving" | "not_saved" | "offline";

/** Connected, and not told for this long that it is on disk. */
export const NOT_SAVED_AFTER_MS = 5_000;
/** A page that opens is not offline until this has passed. */
export const CONNECT_GRACE_MS = 5_000;

/**
 * Follows barriers: an edit is saved once the server has echoed a barrier sent after it. Pure but for the clock it is given.
 */
export class SaveTracker {
  #isConnected = false;
  #isClosed = false;
  #wasRefused = false;
  #sent = 0;
  #answered = 0;
  /** Something was edited after the last barrier. */
  #isDirty = false;
  #openSince: number | null = null;
  readonly #startedAt: number;
  /** The server's text was here once. */
  #wasOpened = false;

  constructor(now: number) {
    this.#startedAt = now;
  }

  /** Some edit is not known to be on disk. */
  get isOpen(): boolean {
    return this.#isDirty || this.#answered < this.#sent;
  }

  edited(now: number): void {
    this.#isDirty = true;
    this.#openSince ??= now;
  }

  /** The number of the barrier to send now. */
  nextBarrier(now: number): number {
    this.#isDirty = false;
    this.#openSince ??= now;
    this.#sent += 1;
    return this.#sent;
  }

  answered(number: number): void {
    if (number > this.#sent) return;
    this.#answered = Math.max(this.#answered, number);
    if (!this.isOpen) this.#openSince = null;
  }

  connected(now: number): void {
    this.#isConnected = true;
    if (this.isOpen) this.#openSince = now;
  }

  /** The server's text is here. */
  opened(): void {
    this.#wasOpened = true;
  }

  /** Barriers of a connection die with it: what was open has to be asked for again. */
  disconnected(): void {
    this.#isConnected = false;
    if (this.#answered < this.#sent) this.#isDirty = true;
    this.#answered = this.#sent;
  }

  /** The server refused an edit: it will never be saved. */
  refused(): void {
    this.#wasRefused = true;
  }

  /** The server ended the document for good. */
  closed(): void {
    this.disconnected();
    this.#isClosed = true;
  }

  /** Null while the document opens for the first time and nothing was edited: there is nothing to say yet. */
  state(now: number): SaveState | null {
    if (this.#wasRefused) return "not_saved";
    if (this.#isClosed) return this.isOpen ? "not_saved" : "saved";
    const isOpening = !this.#wasOpened && !this.isOpen;
    if (!this.#isConnected) return isOpening && now - this.#startedAt < CONNECT_GRACE_MS ? null : "offline";
    if (isOpening) return null;
    if (!this.isOpen) return "saved";
    return now - (this.#openSince ?? now) >= NOT_SAVED_AFTER_MS ? "not_saved" : "saving";
  }
}
