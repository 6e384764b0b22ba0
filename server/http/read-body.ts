import { gunzipSync } from "node:zlib";
import { HOOK_BODY_BYTES_MAX, HOOK_DRAIN_BYTES_MAX } from "#/server/alerts/shared/lists.ts";
import { AppError, messageOf } from "#/server/platform/errors.ts";

function tooLarge(): AppError {
  return new AppError("too_large", `A delivery has at most ${HOOK_BODY_BYTES_MAX / 1024 / 1024} MiB.`);
}

/** Reads on, keeping nothing, so that the sender gets to see the answer; a sender without end is cut off. */
async function drain(reader: ReadableStreamDefaultReader<Uint8Array>, from: number): Promise<void> {
  let total = from;
  while (total < HOOK_DRAIN_BYTES_MAX) {
    const { done, value } = await reader.read();
    if (done) return;
    total += value.byteLength;
  }
  await reader.cancel();
}

async function readCapped(request: Request): Promise<Uint8Array> {
  const reader = request.body?.getReader();
  if (!reader) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks);
    total += value.byteLength;
    if (total > HOOK_BODY_BYTES_MAX) {
      await drain(reader, total);
      throw tooLarge();
    }
    chunks.push(value);
  }
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
export async function readDeliveryBody(request: Request): Promise<Uint8Array> {
  const body = await readCapped(request);
  const encoding = request.headers.get("content-encoding")?.toLowerCase() ?? "identity";
  if (encoding === "identity" || encoding === "") return body;
  if (encoding === "gzip" || encoding === "x-gzip") return unpack(body);
  throw new AppError("unsupported", `Content-Encoding ${encoding} is not known; gzip is.`);
}
