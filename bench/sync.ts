import { numberOption } from "./options.ts";
import { printTable, quantile, recordResult } from "./report.ts";
import { benchRooms } from "./rooms.ts";
import { contenders, EMBEDDED, HOCUSPOCUS, POSTGRES, type Starter, Y_WEBSOCKET } from "./sync/contenders.ts";
import { type Measured, measureLoad } from "./sync/drive.ts";

/** A busy server: day's rooms in which half of the people type, and two large ones in which a tenth does. */
const LOADS = [
  { clientsPerRoom: 10, rooms: 20, typists: 5, limits: { [EMBEDDED]: 1.2, [POSTGRES]: 1.0 } },
  { clientsPerRoom: 200, rooms: 2, typists: 20, limits: { [EMBEDDED]: 0.9, [POSTGRES]: 0.7 } },
] as const;
const EDITS_PER_SECOND = 5;
const MEASURED_MS = 6_000;
const ROUNDS_DEFAULT = 3;
const SAVED_P95_MS = 50;

type Load = (typeof LOADS)[number];
type Run = { contender: string; clientsPerRoom: number; cpuMicros: number; fanOutP99: number; savedP95: number | null };

async function run({ start, name }: Starter, load: Load): Promise<Run> {
  const contender = await start();
  try {
    const { clientsPerRoom } = load;
    const shape = {
      clientsPerRoom,
      typistsPerRoom: load.typists,
      editsPerSecond: EDITS_PER_SECOND,
      presencePerSecond: 0,
      repeatsPresence: false,
      asksSaved: contender.isOurs,
    };
    const measured: Measured = await measureLoad(contender, load.rooms, shape, MEASURED_MS);
    if (measured.missing !== 0)
      throw new Error(`${name}: ${measured.missing} of ${measured.edits} edits did not arrive`);
    return {
      contender: name,
      clientsPerRoom,
      cpuMicros: (measured.cpuSeconds * 1e6) / measured.delivered,
      fanOutP99: quantile(measured.fanOutMs, 0.99),
      savedP95: contender.isOurs ? quantile(measured.savedMs, 0.95) : null,
    };
  } finally {
    await contender.close();
  }
}

const median = (values: readonly number[]) => quantile(values, 0.5);

function summary(runs: readonly Run[], name: string, clientsPerRoom: number) {
  const mine = runs.filter((each) => each.contender === name && each.clientsPerRoom === clientsPerRoom);
  return {
    cpuMicros: median(mine.map((each) => each.cpuMicros)),
    fanOutP99: median(mine.map((each) => each.fanOutP99)),
    savedP95: mine[0]?.savedP95 == null ? null : median(mine.map((each) => each.savedP95 ?? 0)),
  };
}

function row(runs: readonly Run[], name: string, load: Load) {
  const { clientsPerRoom } = load;
  const own = summary(runs, name, clientsPerRoom);
  const peers = [Y_WEBSOCKET, HOCUSPOCUS].map((peer) => summary(runs, peer, clientsPerRoom));
  const against = peers.map((peer) => own.cpuMicros / peer.cpuMicros);
  const limit = (load.limits as Record<string, number>)[name];
  return {
    server: name,
    "clients a room": clientsPerRoom,
    "CPU µs per delivered update": own.cpuMicros.toFixed(1),
    "of y-websocket": against[0]?.toFixed(2) ?? "",
    "of Hocuspocus": against[1]?.toFixed(2) ?? "",
    allowed: limit === undefined ? "" : `<= ${limit}`,
    "fan-out p99 ms": own.fanOutP99.toFixed(1),
    "saved p95 ms": own.savedP95 === null ? "never told" : own.savedP95.toFixed(1),
    "allowed ms": own.savedP95 === null ? "" : `<= ${SAVED_P95_MS}`,
  };
}

/** What an edit costs beside y-websocket's server and Hocuspocus, which keep it in memory, while ours writes it to disk; then what open rooms cost. */
export async function benchSync(): Promise<void> {
  const rounds = numberOption("rounds", ROUNDS_DEFAULT);
  const runs: Run[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const load of LOADS) for (const starter of contenders) runs.push(await run(starter, load));
  }
  const rows = LOADS.flatMap((load) => contenders.map(({ name }) => row(runs, name, load)));
  printTable(rows);
  recordResult("sync", { rounds, runs });
  await benchRooms();
}
