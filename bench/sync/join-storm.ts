import { setTimeout as pause } from "node:timers/promises";
import { WebSocket } from "ws";
import * as Y from "yjs";
import type { Contender, LoadDocument } from "./contenders.ts";
import { openingFrames, readServerFrame, updateFrame, type Wire } from "./wire.ts";

/** A paragraph, put at a random place: what makes a document large is how often it was edited. */
const PARAGRAPH = "x".repeat(100);
const UPDATE_BYTES = 200 * 1024;
const COMMIT_WAIT_MS = 1_500;
const MEGABYTE = 1024 * 1024;

export type Storm = { seconds: number; documentBytes: number; extraBytes: number };

/** Resolves with the length of the server's full answer. */
function join(wire: Wire, { name, urls }: LoadDocument, index: number): Promise<{ socket: WebSocket; bytes: number }> {
  const socket = new WebSocket(urls[index % urls.length] ?? "", {
    perMessageDeflate: false,
    maxPayload: 64 * MEGABYTE,
  });
  return new Promise((resolve, reject) => {
    socket.once("open", () => {
      for (const frame of openingFrames(wire, name)) socket.send(frame);
    });
    socket.on("message", (data: Buffer) => {
      const { kind, value } = readServerFrame(wire, data);
      if (kind === "step2") resolve({ socket, bytes: value });
    });
    socket.once("close", (code) => reject(new Error(`the server closed with ${code}`)));
    socket.once("error", reject);
  });
}

/** Writes paragraphs until the document is as large as asked; in updates that a server may take. */
async function fill(wire: Wire, document: LoadDocument, bytes: number): Promise<WebSocket> {
  const { socket } = await join(wire, document, 0);
  const doc = new Y.Doc();
  const text = doc.getText("text");
  let sent = 0;
  while (sent < bytes) {
    const made: Uint8Array[] = [];
    const collect = (update: Uint8Array) => made.push(update);
    doc.on("update", collect);
    for (let size = 0; size < UPDATE_BYTES; size += PARAGRAPH.length + 20) {
      text.insert(Math.floor(Math.random() * (text.length + 1)), PARAGRAPH);
    }
    doc.off("update", collect);
    const update = Y.mergeUpdates(made);
    socket.send(updateFrame(wire, document.name, update));
    sent += update.length;
    await pause(50);
  }
  await pause(COMMIT_WAIT_MS);
  return socket;
}

/** Many people come to one large document at once: until the last of them has it, and what that costs the server in memory. */
export async function measureStorm(contender: Contender, people: number, bytes: number): Promise<Storm> {
  const document = await contender.makeDocument();
  // Who wrote it stays: a server without a database forgets a document that nobody has open.
  const writer = await fill(contender.wire, document, bytes);
  const before = await contender.usage(true);
  const startedAt = performance.now();
  const joined = await Promise.all(Array.from({ length: people }, (_, index) => join(contender.wire, document, index)));
  const seconds = (performance.now() - startedAt) / 1_000;
  const after = await contender.usage();
  for (const socket of [writer, ...joined.map((each) => each.socket)]) socket.terminate();
  const documentBytes = Math.min(...joined.map((each) => each.bytes));
  return { seconds, documentBytes, extraBytes: after.peakRssBytes - before.rssBytes };
}
