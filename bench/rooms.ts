import { printTable, type Row, recordResult } from "./report.ts";
import { type Contender, contenders, type Starter } from "./sync/contenders.ts";
import { measureLoad } from "./sync/drive.ts";
import { measureStorm, type Storm } from "./sync/join-storm.ts";
import { measureConnection, measureRooms } from "./sync/memory.ts";

const EMPTY_ROOMS = 300;
const EMPTY_ROOM_BYTES_MAX = 8 * 1024;
const LIVE_ROOMS = 300;
const LIVE_CHARACTERS = 2_000;
const LIVE_ROOMS_BYTES_MAX = 50 * 1024 * 1024;
const PEOPLE = 200;
const PRESENCE_SHARE_MAX = 0.15;
const PRESENCE_MS = 8_000;
const STORM_PEOPLE = 150;
const STORM_BYTES = 4 * 1024 * 1024;
const STORM_SECONDS_MAX = 2;
const STORM_EXTRA_BYTES_MAX = 300 * 1024 * 1024;

type Measured = {
  server: string;
  emptyRoomBytes: number;
  liveRoomsBytes: number;
  presenceShare: number;
  storm: Storm;
};

async function presenceShare(contender: Contender): Promise<number> {
  const shape = {
    clientsPerRoom: PEOPLE,
    typistsPerRoom: 0,
    editsPerSecond: 0,
    presencePerSecond: 1,
    repeatsPresence: true,
    asksSaved: false,
  };
  const { cpuSeconds, seconds } = await measureLoad(contender, 1, shape, PRESENCE_MS);
  return cpuSeconds / seconds;
}

/** Each in a process of its own: memory that one has used is not the other's. */
async function fresh<T>({ start }: Starter, measure: (contender: Contender) => Promise<T>): Promise<T> {
  const contender = await start();
  try {
    return await measure(contender);
  } finally {
    await contender.close();
  }
}

async function measureServer(starter: Starter): Promise<Measured> {
  return {
    server: starter.name,
    emptyRoomBytes: await fresh(starter, async (contender) => {
      const connection = await measureConnection(contender, EMPTY_ROOMS);
      return (await measureRooms(contender, EMPTY_ROOMS, 0)) - connection;
    }),
    liveRoomsBytes: LIVE_ROOMS * (await fresh(starter, (each) => measureRooms(each, LIVE_ROOMS, LIVE_CHARACTERS))),
    presenceShare: await fresh(starter, presenceShare),
    storm: await fresh(starter, (each) => measureStorm(each, STORM_PEOPLE, STORM_BYTES)),
  };
}

const kib = (bytes: number) => (bytes / 1024).toFixed(1);
const mib = (bytes: number) => (bytes / 1024 / 1024).toFixed(1);

/** What rooms cost that are only open: memory, presence, and many who come at once; beside the peers. */
export async function benchRooms(): Promise<void> {
  const results: Measured[] = [];
  for (const starter of contenders) results.push(await measureServer(starter));
  const limits: Row = {
    server: "allowed",
    empty: `<= ${kib(EMPTY_ROOM_BYTES_MAX)}`,
    live: `<= ${mib(LIVE_ROOMS_BYTES_MAX)}`,
    presence: `<= ${PRESENCE_SHARE_MAX * 100}`,
    storm: `<= ${STORM_SECONDS_MAX}`,
    extra: `<= ${mib(STORM_EXTRA_BYTES_MAX)}`,
  };
  const measured: Row[] = results.map((each) => ({
    server: each.server,
    empty: kib(each.emptyRoomBytes),
    live: mib(each.liveRoomsBytes),
    presence: (each.presenceShare * 100).toFixed(1),
    storm: `${each.storm.seconds.toFixed(2)} for ${mib(each.storm.documentBytes)}`,
    extra: mib(each.storm.extraBytes),
  }));
  process.stdout.write(
    `  empty: KiB of an open room without text. live: MiB of ${LIVE_ROOMS} rooms of ${LIVE_CHARACTERS} characters.\n` +
      `  presence: % of a core for ${PEOPLE} people who move once a second. storm: seconds until ${STORM_PEOPLE} have\n` +
      "  joined a document, and its MiB. extra: MiB that the server took for it.\n",
  );
  printTable([...measured, limits]);
  recordResult("rooms", { results });
}
