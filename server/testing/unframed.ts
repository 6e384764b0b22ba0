/** The messages of WebSocket frames that are whole and unmasked, one after the other. */
export function unframed(frames: Buffer): Uint8Array[] {
  const messages: Uint8Array[] = [];
  for (let at = 0; at < frames.length; ) {
    const short = frames.readUInt8(at + 1);
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    const length =
      head === 2 ? short : head === 4 ? frames.readUInt16BE(at + 2) : Number(frames.readBigUInt64BE(at + 2));
    messages.push(new Uint8Array(frames.subarray(at + head, at + head + length)));
    at += head + length;
  }
  return messages;
}
