import { AppError } from "#/server/platform/errors.ts";

/** Of a body that is too large so much is read and dropped, so that the sender sees the answer. */
const DRAIN_BYTES_MAX = 16 * 1024 * 1024;

async function drain(reader: ReadableStreamDefaultReader<Uint8Array>, from: number): Promise<void> {
  let total = from;
  while (total < DRAIN_BYTES_MAX) {
    const { done, value } = await reader.read();
    if (done) return;
    total += value.byteLength;
  }
  await reader.cancel();
}

/** All of a body, at most `max` bytes. @throws AppError "too_large" with the words of `what`, once the rest is read too */
export async function readUpTo(
  body: ReadableStream<Uint8Array>,
  { max, what }: { max: number; what: string },
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(Buffer.concat(chunks));
    total += value.byteLength;
    if (total > max) {
      await drain(reader, total);
      throw new AppError("too_large", what);
    }
    chunks.push(value);
  }
}
