import { request } from "node:https";
import { AppError, messageOf } from "#/server/platform/errors.ts";
import { resolvePublicHost } from "./public-address.ts";

const TIME_LIMIT_MS = 4_000;
/** A certificate has about 2 KB, a confirmation's answer less than 1. */
const ANSWER_BYTES_MAX = 64 * 1024;

function get(url: URL, address: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const unavailable = (why: string) =>
      reject(new AppError("unavailable", `${url.hostname} could not be asked: ${why}.`));
    const asked = request(
      { host: address, servername: url.hostname, path: url.pathname + url.search, headers: { host: url.host } },
      (answer) => {
        const chunks: Buffer[] = [];
        let total = 0;
        answer.on("data", (chunk: Buffer) => {
          total += chunk.length;
          chunks.push(chunk);
          if (total > ANSWER_BYTES_MAX) answer.destroy(new Error("the answer is too long"));
        });
        answer.on("error", (error) => unavailable(error.message));
        answer.on("end", () => {
          const status = answer.statusCode ?? 0;
          if (status >= 500) return unavailable(`it answered ${status}`);
          if (status !== 200) return reject(new AppError("invalid", `${url.hostname} answered ${status}.`));
          resolve(Buffer.concat(chunks).toString("utf8"));
        });
      },
    );
    asked.setTimeout(TIME_LIMIT_MS, () => asked.destroy(new Error("no answer in time")));
    asked.on("error", (error) => unavailable(error.message));
    asked.end();
  });
}

/**
 * Reads a short text by https from a host that a stranger named: never from an address that is not public, and
 * without following redirects.
 *
 * @throws AppError "unavailable" when the host cannot be reached now, "invalid" when it must not be asked or refuses.
 */
export async function getPublic(address: string): Promise<string> {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url?.protocol !== "https:" || url.username || (url.port && url.port !== "443")) {
    throw new AppError("invalid", "Only https addresses on the usual port are asked.");
  }
  let host: string | undefined;
  try {
    host = await resolvePublicHost(url.hostname);
  } catch (error) {
    throw new AppError("unavailable", `${url.hostname} could not be found: ${messageOf(error)}.`);
  }
  if (!host) throw new AppError("invalid", `${url.hostname} is not on the public internet.`);
  return get(url, host);
}
