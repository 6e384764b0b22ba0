import type { IncomingMessage } from "node:http";
import { gunzipSync } from "node:zlib";
import { HOOK_BODY_BYTES_MAX, HOOK_DRAIN_BYTES_MAX } from "#/server/alerts/shared/lists.ts";
import { AppError, isAppError, messageOf } from "#/server/platform/errors.ts";

function tooLarge(): AppError {
  return new AppError("too_large", `A delivery has at most ${HOOK_BODY_BYTES_MAX / 1024 / 1024} MiB.`);
}

/**
 * All bytes of a request. Beyond the limit it reads on, keeping nothing, so that the sender gets to see the answer; a
 * sender without end is cut off.
 */
function readCapped(incoming: IncomingMessage): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let total = 0;
    incoming.on("data", (chunk: Uint8Array) => {
      total += chunk.byteLength;
      if (total <= HOOK_BODY_BYTES_MAX) chunks.push(chunk);
      else chunks.length = 0;
      if (total >= HOOK_DRAIN_BYTES_MAX) incoming.destroy(tooLarge());
    });
    incoming.on("end", () => {
      if (total > HOOK_BODY_BYTES_MAX) reject(tooLarge());
      else resolve(Buffer.concat(chunks));
    });
    incoming.on("error", (error) => {
      reject(isAppError(error) ? error : new AppError("invalid", "The sender went away before the body was whole."));
    });
  });
}

function unpack(body: Uint8Array): Uint8Array {
  try {
    return gunzipSync(body, { maxOutputLength: HOOK_BODY_BYTES_MAX });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge();
    throw new AppError("invalid", `The body is said to be gzip, but it is not: ${messageOf(error)}.`);
  }
}

/**
 * The bytes of a delivery, unpacked, at most 1 MiB.
 *
 * @throws AppError "too_large" | "unsupported" | "invalid"
 */
export async function readDeliveryBody(incoming: IncomingMessage): Promise<Uint8Array> {
  const body = await readCapped(incoming);
  const encoding = incoming.headers["content-encoding"]?.toLowerCase() ?? "identity";
  if (encoding === "identity" || encoding === "") return body;
  if (encoding === "gzip" || encoding === "x-gzip") return unpack(body);
  throw new AppError("unsupported", `Content-Encoding ${encoding} is not known; gzip is.`);
}
