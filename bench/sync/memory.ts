import { setTimeout as pause } from "node:timers/promises";
import { WebSocket } from "ws";
import type { Contender, LoadDocument } from "./contenders.ts";
import { Typist } from "./typing.ts";
import { openingFrames, readServerFrame, updateFrame, type Wire } from "./wire.ts";

const WORD = "word ";
/** New incidents leave jobs behind, which hold memory until they are done. */
const SETTLE_MS = 5_000;
const WARM_UP_ROOMS = 100;

function openRoom(wire: Wire, { name, urls }: LoadDocument): Promise<WebSocket> {
  const socket = new WebSocket(urls[0] ?? "", { perMessageDeflate: false });
  return new Promise((resolve, reject) => {
    socket.once("open", () => {
      for (const frame of openingFrames(wire, name)) socket.send(frame);
    });
    socket.on("message", (data: Buffer) => {
      if (readServerFrame(wire, data).kind === "step2") resolve(socket);
    });
    socket.once("error", reject);
  });
}

/** What the first rooms bring with them (code, pools, plans) is not a room's. They stay open, so as not to be given back meanwhile. */
async function warmUp(contender: Contender): Promise<void> {
  for (let room = 0; room < WARM_UP_ROOMS; room += 1) {
    await openRoom(contender.wire, await contender.makeDocument());
  }
  await pause(SETTLE_MS);
}

/**
 * What open rooms hold on to, after a collection: each with `characters` typed word by word.
 * The connection that keeps a room open is part of it in a room of its own, and not when it shares one.
 */
export async function measureRooms(contender: Contender, rooms: number, characters: number): Promise<number> {
  const documents: LoadDocument[] = [];
  for (let room = 0; room < rooms; room += 1) documents.push(await contender.makeDocument());
  await warmUp(contender);
  const before = await contender.usage(true);
  const sockets: WebSocket[] = [];
  for (const document of documents) {
    const socket = await openRoom(contender.wire, document);
    sockets.push(socket);
    const typist = new Typist();
    for (let typed = 0; typed < characters; typed += WORD.length) {
      socket.send(updateFrame(contender.wire, document.name, typist.type(WORD)));
    }
  }
  // Paced readers, commits and snapshots come to rest.
  await pause(SETTLE_MS + (characters > 0 ? 10_000 : 0));
  const after = await contender.usage(true);
  for (const socket of sockets) socket.terminate();
  return (after.heapBytes - before.heapBytes) / rooms;
}

/** What a connection alone holds on to: more of them in one open room. */
export async function measureConnection(contender: Contender, connections: number): Promise<number> {
  const document = await contender.makeDocument();
  await warmUp(contender);
  const sockets = [await openRoom(contender.wire, document)];
  const before = await contender.usage(true);
  for (let count = 0; count < connections; count += 1) sockets.push(await openRoom(contender.wire, document));
  await pause(SETTLE_MS);
  const after = await contender.usage(true);
  for (const socket of sockets) socket.terminate();
  return (after.heapBytes - before.heapBytes) / connections;
}
