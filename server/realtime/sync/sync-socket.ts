import type { Socket } from "node:net";
import { WebSocket } from "ws";
import { closeCodes } from "#/server/documents/contract.ts";

const MESSAGE_TOO_BIG = 1009;
/** A close that the other side does not answer is cut off. */
const CLOSE_WAIT_MS = 3_000;

/**
 * A message framed as RFC 6455 §5.2 has it, so that a room's sockets can write the same bytes: whole, binary, unmasked.
 * @param isKept it stays for long: then it gets memory of its own, and does not hold on to the pool that it would share
 */
export function framed(message: Uint8Array, isKept = false): Buffer {
  const { length } = message;
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const bytes = isKept ? Buffer.allocUnsafeSlow(head + length) : Buffer.allocUnsafe(head + length);
  bytes[0] = 0x82;
  if (head === 2) {
    bytes[1] = length;
  } else if (head === 4) {
    bytes[1] = 126;
    bytes.writeUInt16BE(length, 2);
  } else {
    bytes[1] = 127;
    bytes.writeBigUInt64BE(BigInt(length), 2);
  }
  bytes.set(message, head);
  return bytes;
}

/** A socket that says 4413, which is final, where `ws` says 1009, after which providers come back for ever. */
export class SyncSocket extends WebSocket {
  /**
   * Writes messages that are framed already, one or several. Without compression `ws` keeps nothing back, so the order with `send` holds.
   */
  sendFramed(frames: Buffer): void {
    (this as unknown as { _socket: Socket })._socket.write(frames);
  }

  override close(code?: number, reason?: string | Buffer): void {
    super.close(code === MESSAGE_TOO_BIG ? closeCodes.tooLarge : code, reason);
    setTimeout(() => this.terminate(), CLOSE_WAIT_MS).unref();
  }
}
