import { connect, type Socket } from "node:net";

export type Answer = { status: number; body: string; ms: number };

/** Longer than any proxy waits for its upstream. */
const ANSWER_LIMIT_MS = 20_000;

type Response = { status: number; body: Buffer; isLast: boolean };

/** A body in chunks, put together; undefined while its end has not come. */
function unchunked(bytes: Buffer): Buffer | undefined {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf("\r\n", at);
    if (lineEnd < 0) return undefined;
    const length = Number.parseInt(bytes.toString("latin1", at, lineEnd), 16);
    const end = lineEnd + 2 + length + 2;
    if (bytes.length < end) return undefined;
    if (length === 0) return Buffer.concat(parts);
    parts.push(bytes.subarray(lineEnd + 2, end - 2));
    at = end;
  }
}

/** The answer in what has come so far; undefined while it is not whole. */
function responseIn(bytes: Buffer): Response | undefined {
  const headEnd = bytes.indexOf("\r\n\r\n");
  if (headEnd < 0) return undefined;
  const head = bytes.toString("latin1", 0, headEnd);
  const rest = bytes.subarray(headEnd + 4);
  const [, length] = /\r\ncontent-length: (\d+)/i.exec(head) ?? [];
  const isChunked = /\r\ntransfer-encoding: chunked/i.test(head);
  const body = isChunked ? unchunked(rest) : rest.length >= Number(length ?? 0) ? rest : undefined;
  return body && { status: Number(head.slice(9, 12)), body, isLast: /\r\nconnection: close/i.test(head) };
}

/**
 * One connection that is kept, as a browser keeps it: one request after the other. Faster than any client of a library,
 * so that a measurement is one of the server.
 */
export class Line {
  readonly #port: number;
  readonly #host: string;
  #socket: Socket | undefined;

  constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.#host = hostname;
    this.#port = Number(port);
  }

  /**
   * Asks once; on a connection that the other side closed meanwhile once more, as browsers do.
   * @throws Error when there is no whole answer
   */
  async get(path: string, headers = ""): Promise<Answer> {
    const started = performance.now();
    const isUsed = this.#socket !== undefined;
    try {
      return { ...(await this.#exchange(path, headers)), ms: performance.now() - started };
    } catch (error) {
      this.close();
      if (!isUsed || !(error as { isUnanswered?: boolean }).isUnanswered) throw error;
      return { ...(await this.#exchange(path, headers)), ms: performance.now() - started };
    }
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  #exchange(path: string, headers: string): Promise<{ status: number; body: string }> {
    this.#socket ??= connect({ host: this.#host, port: this.#port, noDelay: true });
    const socket = this.#socket;
    return new Promise((resolve, reject) => {
      let got: Buffer = Buffer.alloc(0);
      const stop = () => {
        socket.off("data", onData).off("error", onEnd).off("close", onEnd).off("timeout", onLate);
        socket.setTimeout(0);
      };
      const onEnd = (error?: unknown) => {
        stop();
        const reason = error instanceof Error ? error.message : "the connection was closed";
        reject(Object.assign(new Error(reason), { isUnanswered: got.length === 0 }));
      };
      const onLate = () => socket.destroy(new Error("no answer in time"));
      const onData = (chunk: Buffer) => {
        got = got.length === 0 ? chunk : Buffer.concat([got, chunk]);
        const response = responseIn(got);
        if (!response) return;
        stop();
        if (response.isLast) this.close();
        resolve({ status: response.status, body: response.body.toString("utf8") });
      };
      socket.on("data", onData).on("error", onEnd).on("close", onEnd).on("timeout", onLate);
      socket.setTimeout(ANSWER_LIMIT_MS);
      socket.write(`GET ${path} HTTP/1.1\r\nHost: ${this.#host}:${this.#port}\r\n${headers}\r\n`);
    });
  }
}
