import { type IncomingHttpHeaders, request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import { isIP } from "node:net";
import { messageOf } from "#/server/platform/errors.ts";
import { failed, type SendFailure, type SendOutcome, sent } from "./outcome.ts";
import { resolvePublicHost } from "./public-address.ts";

/** Where the services that Muster speaks to live; tests give their own. */
const realEndpoints = {
  pagerdutyEvents: { us: "https://events.pagerduty.com", eu: "https://events.eu.pagerduty.com" },
  pagerdutyApi: { us: "https://api.pagerduty.com", eu: "https://api.eu.pagerduty.com" },
  opsgenie: { us: "https://api.opsgenie.com", eu: "https://api.eu.opsgenie.com" },
  sentry: "https://sentry.io",
};
export type Endpoints = typeof realEndpoints;

/** The way out over HTTP: which hosts may be spoken to, and where the known ones are. */
export type Outside = {
  endpoints: Endpoints;
  /** The address to connect to; undefined when it is not on the public internet. */
  resolve(host: string): Promise<string | undefined>;
};

/** The way out; addresses that people gave are only reached on the public internet. */
export function createOutside(given: Partial<Outside> = {}): Outside {
  return { endpoints: realEndpoints, resolve: resolvePublicHost, ...given };
}

/** One exchange: an answer later than this is none. */
const ANSWER_LIMIT_MS = 10_000;
/** Of an answer only its beginning is read. */
const ANSWER_BYTES_MAX = 1024 * 1024;

export type OutsideRequest = {
  method: string;
  url: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** A repeat would be a second message: what was handed over without an answer is unknown, and not for a later try. */
  isOnce?: boolean;
};
export type OutsideAnswer = { ok: true; status: number; headers: IncomingHttpHeaders; text: string };

/** What became of a request that failed: whether any of it can have arrived. */
type HandOver = { isDone: boolean };

function exchange(
  url: URL,
  address: string,
  { method, headers, body, isOnce }: OutsideRequest,
  handOver: HandOver,
): Promise<OutsideAnswer> {
  const send = url.protocol === "https:" ? tlsRequest : plainRequest;
  const bytes = body === undefined ? undefined : Buffer.from(body);
  return new Promise((resolve, reject) => {
    const request = send(
      url,
      {
        method,
        headers: { "user-agent": "Muster", ...headers, ...(bytes && { "content-length": bytes.byteLength }) },
        signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
        // A kept connection may be closed by the other side just as it is used: then nobody knows what arrived.
        ...(isOnce && { agent: false as const }),
        // The address that was checked is the one that is connected to, whatever the name says by then.
        lookup: (_host, options, done) => {
          const family = isIP(address);
          if (options.all) done(null, [{ address, family }]);
          else done(null, address, family);
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        let total = 0;
        response.on("data", (chunk: Buffer) => {
          total += chunk.byteLength;
          if (total <= ANSWER_BYTES_MAX) chunks.push(chunk);
          else response.destroy();
        });
        response.on("error", reject);
        response.on("close", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          resolve({ ok: true, status: response.statusCode ?? 0, headers: response.headers, text });
        });
      },
    );
    request.on("socket", (socket) => {
      const done = () => {
        handOver.isDone = true;
      };
      if (socket.connecting) socket.once(url.protocol === "https:" ? "secureConnect" : "connect", done);
      else done();
    });
    request.on("error", reject);
    request.end(bytes);
  });
}

/**
 * Posts JSON to a place that cannot tell a repeat: one attempt, and a second one would be a second message.
 * @param side what people call it
 */
export async function postOnce(
  outside: Outside,
  { url, message, side }: { url: string; message: unknown; side: string },
): Promise<SendOutcome> {
  const headers = { "content-type": "application/json" };
  const answer = await askOutside(outside, {
    method: "POST",
    url,
    headers,
    body: JSON.stringify(message),
    isOnce: true,
  });
  if (!answer.ok) return answer;
  return answer.status >= 200 && answer.status < 300 ? sent(side) : refusalOf(side, answer);
}

/**
 * One request to the outside, without following redirects. A failure says whether a later try may do.
 * Callers name what they send, so that the same request twice is harmless.
 */
export async function askOutside(outside: Outside, request: OutsideRequest): Promise<OutsideAnswer | SendFailure> {
  const url = URL.canParse(request.url) ? new URL(request.url) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) return failed("permanent", "This is not an http or https address.");
  let address: string | undefined;
  try {
    address = await outside.resolve(url.hostname);
  } catch {
    return failed("retry", `The name ${url.hostname} could not be resolved.`);
  }
  if (!address) return failed("permanent", `${url.hostname} is in a private network, where Muster sends nothing.`);
  const handOver: HandOver = { isDone: false };
  try {
    return await exchange(url, address, request, handOver);
  } catch (error) {
    if (request.isOnce && handOver.isDone) {
      return failed("unknown", `${url.hostname} took the message but did not answer: it may or may not have arrived.`);
    }
    const isLate = error instanceof Error && error.name === "TimeoutError";
    const reason = isLate
      ? `did not answer within ${ANSWER_LIMIT_MS / 1000} s`
      : `could not be reached (${messageOf(error)})`;
    return failed("retry", `${url.hostname} ${reason}.`.slice(0, 300));
  }
}

/** What the other side's own wish to wait comes to: seconds, or an HTTP date. Pure. */
export function retryAfterOf(headers: IncomingHttpHeaders, now: Date): number | undefined {
  const value = headers["retry-after"];
  if (!value) return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - now.getTime()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds * 1000) : undefined;
}

/** What an answer that is not 2xx means: later (429, 408, 5xx), or never. Pure. */
export function refusalOf(name: string, answer: OutsideAnswer, now = new Date()): SendFailure {
  const { status } = answer;
  const said = answer.text.replace(/\s+/g, " ").trim().slice(0, 160);
  const reason = `${name} answered with HTTP ${status}${said ? `: ${said}` : "."}`;
  const isTransient = status === 429 || status === 408 || status === 425 || status >= 500;
  if (isTransient) return { ...failed("retry", reason, retryAfterOf(answer.headers, now)), status };
  return { ...failed("permanent", reason), status, ...(status === 410 && { isGone: true as const }) };
}
