import type { UserActor } from "#/server/access/index.ts";
import type { Op } from "./simulated-ops.ts";
import { SimulatedRoom } from "./simulated-room.ts";
import { SimulatedServer } from "./simulated-server.ts";
import type { TestCore } from "./test-core.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** Two people, one of them in two tabs, and somebody who may only read. */
export const PEOPLE = 4;
/** The people of a simulation, once for a database. */
export type Cast = { ada: UserActor; lin: UserActor; vic: UserActor };

export async function castOf(test: TestCore): Promise<Cast> {
  return { ada: await test.person("Ada"), lin: await test.person("Lin"), vic: await test.person("Vic", "viewer") };
}

/** Runs one list of steps in a room of its own; what is wrong afterwards, in words. */
export async function simulate(test: TestCore, cast: Cast, seed: number, ops: readonly Op[]): Promise<string[]> {
  const reference = `SIM-${seed}-${performance.now()}`;
  const clock = new VirtualClock();
  clock.install();
  const server = new SimulatedServer(test.core, seed % 2 ? "notes" : "summary");
  const room = new SimulatedRoom(server, cast, clock);
  try {
    await server.prepare(reference);
    await room.run(ops);
    await room.close();
    return room.faults;
  } finally {
    clock.uninstall();
  }
}
