import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";

/** The demo's people and monitors come in from outside, by the same doors as everybody. */
export type DemoClient = {
  ask<T>(method: string, path: string, body?: unknown, token?: string): Promise<T>;
  /** Types a note into the room's shared document, letter by letter. */
  typeNote(token: string, incidentId: string, text: string): Promise<void>;
};

const LETTER_MS = 45;
const SAVE_MS = 1_500;

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export function demoClient(url: string, ownerToken: string): DemoClient {
  return {
    async ask<T>(method: string, path: string, body?: unknown, token = ownerToken): Promise<T> {
      const response = await fetch(url + path, {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
      return (text ? JSON.parse(text) : null) as T;
    },
    async typeNote(token, incidentId, text) {
      const doc = new Y.Doc();
      const provider = new WebsocketProvider(url.replace("http", "ws"), `sync/incidents/${incidentId}/notes`, doc, {
        params: { token },
        disableBc: true,
      });
      await new Promise<void>((resolve) => provider.once("sync", () => resolve()));
      const note = new Y.Text();
      doc.getMap<Y.Text>("notes").set(crypto.randomUUID(), note);
      for (const letter of text) {
        note.insert(note.length, letter);
        await pause(LETTER_MS);
      }
      await pause(SAVE_MS);
      provider.destroy();
      doc.destroy();
    },
  };
}
