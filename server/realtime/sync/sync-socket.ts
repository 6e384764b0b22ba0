import { WebSocket } from "ws";
import { closeCodes } from "#/server/documents/contract.ts";

const MESSAGE_TOO_BIG = 1009;
/** A close that the other side does not answer is cut off. */
const CLOSE_WAIT_MS = 3_000;

/** A socket that says 4413, which is final, where `ws` says 1009, after which providers come back for ever. */
export class SyncSocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    super.close(code === MESSAGE_TOO_BIG ? closeCodes.tooLarge : code, reason);
    setTimeout(() => this.terminate(), CLOSE_WAIT_MS).unref();
  }
}
