/** The message of a WebSocket frame that is whole and unmasked. */
export function unframed(frame: Buffer): Uint8Array {
  const length = frame[1] ?? 0;
  return new Uint8Array(frame.subarray(length < 126 ? 2 : length === 126 ? 4 : 10));
}
