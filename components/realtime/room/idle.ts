import type { MusterSocket } from "../socket.ts";

/** Long enough to read a graph without being called idle, short enough that a commander can tell who is gone. */
export const IDLE_AFTER_MS = 5 * 60_000;

const signsOfLife = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart", "focus"] as const;

/** Tells when nobody has touched this tab for a while, and when somebody does again. */
export class IdleWatch {
  readonly #tell: (isIdle: boolean) => void;
  #touchedAt = Date.now();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isIdle = false;

  constructor(tell: (isIdle: boolean) => void) {
    this.#tell = tell;
    this.#waitFor(IDLE_AFTER_MS);
  }

  get isIdle(): boolean {
    return this.#isIdle;
  }

  /** Somebody is here. Called for each movement: it only notes the time. */
  touch(): void {
    this.#touchedAt = Date.now();
    if (!this.#isIdle) return;
    this.#isIdle = false;
    this.#tell(false);
    this.#waitFor(IDLE_AFTER_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #waitFor(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), ms);
  }

  #look(): void {
    const leftMs = this.#touchedAt + IDLE_AFTER_MS - Date.now();
    if (leftMs > 0) {
      this.#waitFor(leftMs);
      return;
    }
    this.#isIdle = true;
    this.#tell(true);
  }
}

/** Tells the server whether somebody is at this tab; a hidden tab is touched by nobody. Answers with the way to end it. */
export function reportIdle(socket: MusterSocket): () => void {
  const tell = (idle: boolean) => {
    if (socket.connected) socket.emit("room:idle", { idle });
  };
  const watch = new IdleWatch(tell);
  const touch = () => watch.touch();
  const touchIfVisible = () => document.visibilityState === "visible" && watch.touch();
  // A new connection is taken for awake.
  const onConnect = () => watch.isIdle && tell(true);
  const options = { capture: true, passive: true };
  for (const sign of signsOfLife) window.addEventListener(sign, touch, options);
  document.addEventListener("visibilitychange", touchIfVisible);
  socket.on("connect", onConnect);
  return () => {
    watch.stop();
    for (const sign of signsOfLife) window.removeEventListener(sign, touch, options);
    document.removeEventListener("visibilitychange", touchIfVisible);
    socket.off("connect", onConnect);
  };
}
