import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { WebSocket } from "ws";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import type { UserActor } from "#/server/access/index.ts";
import { MESSAGE_BARRIER, MESSAGE_NOTICE } from "#/server/documents/contract.ts";
import type { Documents } from "#/server/documents/index.ts";
import { createSyncServer, type SyncServer } from "#/server/realtime/sync/index.ts";
import { type TestDocuments, testDocuments } from "./test-documents.ts";

/** A real HTTP server with the sync server on it. */
export type SyncSite = { sync: SyncServer; url: string; documents: Documents; close(): Promise<void> };

export type TestSync = TestDocuments & {
  /** Tokens of people; taking one away signs them out. */
  tokens: Map<string, UserActor>;
  site: SyncSite;
  /** Another process on the same database. */
  openSite(): Promise<SyncSite>;
  /** Somebody with a token of the same name. */
  join(name: string, token: string, options?: { site?: SyncSite; doc?: Y.Doc }): Client;
};

export async function testSync(): Promise<TestSync> {
  const documents = await testDocuments();
  const tokens = new Map<string, UserActor>();
  const sites: SyncSite[] = [];
  const clients: Client[] = [];
  const openSite = async (): Promise<SyncSite> => {
    const own = sites.length === 0 ? documents.documents : documents.restart();
    const sync = createSyncServer({
      core: documents.core,
      documents: own,
      actorFrom: async (_headers, url) => tokens.get(new URL(url, "http://x").searchParams.get("token") ?? "") ?? null,
    });
    const server = createServer().on("upgrade", (request, socket, head) => sync.handleUpgrade(request, socket, head));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const site = {
      sync,
      documents: own,
      url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/sync`,
      close: async () => {
        await sync.drain();
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      },
    };
    sites.push(site);
    return site;
  };
  const site = await openSite();
  return {
    ...documents,
    tokens,
    site,
    openSite,
    join(name, token, options = {}) {
      const client = new Client((options.site ?? site).url, name, token, options.doc);
      clients.push(client);
      return client;
    },
    close: async () => {
      for (const client of clients) client.leave();
      await Promise.all(sites.map((each) => each.close()));
      await documents.close();
    },
  };
}

/** A plain y-websocket client, with ears for barriers and notices. */
export class Client {
  readonly doc: Y.Doc;
  readonly provider: WebsocketProvider;
  readonly notices: { kind: string; message?: string; epoch?: number; canWrite?: boolean }[] = [];
  /** Why the server ended it for good. */
  readonly closed: Promise<number>;
  closedWith: number | null = null;
  readonly #answered = new Set<number>();
  #barriers = 0;

  constructor(url: string, name: string, token: string, doc = new Y.Doc()) {
    this.doc = doc;
    this.provider = new WebsocketProvider(url, name, doc, {
      WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
      disableBc: true,
      params: token ? { token, hello: "1" } : {},
    });
    this.closed = new Promise((resolve) => {
      this.provider.on("closed", ({ code }) => {
        this.closedWith = code;
        resolve(code);
      });
    });
    this.provider.messageHandlers[MESSAGE_BARRIER] = (_encoder, decoder) => {
      this.#answered.add(decoding.readVarUint(decoder));
    };
    this.provider.messageHandlers[MESSAGE_NOTICE] = (_encoder, decoder) => {
      this.notices.push(JSON.parse(decoding.readVarString(decoder)));
    };
  }

  get text(): string {
    return this.doc.getText("text").toString();
  }

  type(text: string): void {
    this.doc.getText("text").insert(this.doc.getText("text").length, text);
  }

  async synced(): Promise<this> {
    if (!this.provider.synced) await new Promise((resolve) => this.provider.once("sync", resolve));
    return this;
  }

  send(frame: Uint8Array): void {
    this.provider.ws?.send(new Uint8Array(frame));
  }

  /** Cuts the connection; the provider's own way stumbles over a client id that was changed. */
  leave(): void {
    this.provider.shouldConnect = false;
    (this.provider.ws as unknown as WebSocket | null)?.terminate();
    clearInterval(this.provider._checkInterval);
    this.provider.awareness.destroy();
  }

  /** Sends a barrier; asks whether it was answered. */
  barrier(): () => boolean {
    this.#barriers += 1;
    const number = this.#barriers;
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, MESSAGE_BARRIER);
    encoding.writeVarUint(encoder, number);
    this.send(encoding.toUint8Array(encoder));
    return () => this.#answered.has(number);
  }
}
