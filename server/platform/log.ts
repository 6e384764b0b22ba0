import pino from "pino";

export type Log = pino.Logger;

/** Keys whose values no log may show, at any of the depths where they occur. */
const SECRET_KEYS = ["authorization", "cookie", "password", "token", "key", "secret", "routing_key"];

/** JSON lines on stdout; pretty when stdout is a terminal. */
export function createLog(level: string, isTerminal = process.stdout.isTTY === true): Log {
  const redact = {
    paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `headers.${key}`]),
    censor: "[hidden]",
  };
  if (!isTerminal) return pino({ level, redact, base: null, timestamp: pino.stdTimeFunctions.isoTime });
  return pino({
    level,
    redact,
    base: null,
    transport: { target: "pino-pretty", options: { translateTime: "HH:MM:ss" } },
  });
}

/** For tests and commands that say what they do in other ways. */
export const silentLog: Log = pino({ level: "silent" });

/** A path as it may be logged: hook keys and tokens in it are hidden. */
export function loggablePath(url: string): string {
  const [path = "", query] = url.split("?", 2);
  const hidden = path
    .replace(/^(\/hooks\/)[^/]+/, "$1[key]")
    .replace(/^(\/integrations\/generic\/\d+\/alert\/)[^/]+/, "$1[key]")
    .replace(
      /^(\/(?:setup|triage|approve|bounces|subscribe\/confirm|(?:un)?subscribe\/webhook|unsubscribe)\/)[^/]+/,
      "$1[token]",
    );
  if (query === undefined) return hidden;
  return `${hidden}?${query.replace(/((?:^|&)(?:token|api_key|key)=)[^&]*/g, "$1[hidden]")}`;
}
