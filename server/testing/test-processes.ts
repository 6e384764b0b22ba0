import { afterAll, afterEach, beforeAll } from "vitest";
import { makePlace, makeReadyPlace, type Place, type ServerProcess, startServerProcess } from "./server-process.ts";

/** How long something may take to happen in another process on a busy machine. */
export const WAIT = { timeout: 30_000 };

/** The server processes of one test file. */
export type Processes = {
  /** Where they run unless said otherwise. */
  readonly place: Place;
  /** A further place, empty. */
  newPlace(engine?: "embedded" | "postgres"): Promise<Place>;
  /** Starts a server, which is killed after the test if it still runs. */
  start(environment?: Record<string, string>, at?: Place): Promise<ServerProcess>;
};

/** Makes the place of a test file, and takes every place and process away again. To be called outside of its tests. */
export function testProcesses(): Processes {
  const places: Place[] = [];
  const running: ServerProcess[] = [];
  let own: Place;
  beforeAll(async () => {
    own = await makeReadyPlace();
    places.push(own);
  });
  afterEach(async () => {
    for (const each of running.splice(0)) await each.killHard();
  });
  afterAll(async () => {
    for (const each of places) await each.close();
  });
  return {
    get place() {
      return own;
    },
    async newPlace(engine) {
      const place = await makePlace(engine);
      places.push(place);
      return place;
    },
    async start(environment = {}, at = own) {
      const server = await startServerProcess({ ...at.environment, ...environment });
      running.push(server);
      return server;
    },
  };
}
