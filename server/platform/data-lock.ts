import { closeSync, mkdirSync, openSync, rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { ConfigError } from "./config.ts";

/** A unix socket's path has about 104 bytes on the systems we run on. */
const SOCKET_PATH_BYTES_MAX = 100;

export type DataLock = { release(): Promise<void> };

/** A path short enough to bind: the folder's open descriptor stands for a long one, where the system offers that. */
function socketPath(dataDir: string): { path: string; close: () => void } {
  const path = join(dataDir, "lock.sock");
  if (Buffer.byteLength(path) <= SOCKET_PATH_BYTES_MAX || process.platform !== "linux")
    return { path, close: () => {} };
  const folder = openSync(dataDir, "r");
  return { path: `/proc/self/fd/${folder}/lock.sock`, close: () => closeSync(folder) };
}

function listen(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.end());
    server.once("error", reject);
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

/**
 * Makes this process the only one on a data folder, until it ends.
 * The lock is a socket that is listened on: one left behind by a killed process does not answer, and is taken over.
 *
 * @throws ConfigError naming the folder when another process has it.
 */
export async function lockDataDir(dataDir: string): Promise<DataLock> {
  mkdirSync(dataDir, { recursive: true });
  const { path, close } = socketPath(dataDir);
  const isTaken = (error: NodeJS.ErrnoException) => error.code === "EADDRINUSE";
  let server: Server;
  try {
    server = await listen(path);
  } catch (error) {
    if (!isTaken(error as NodeJS.ErrnoException)) throw error;
    if (await answers(path)) {
      throw new ConfigError(
        `DATA_DIR ${dataDir} is in use by another Muster process: stop it, or choose another folder.`,
      );
    }
    rmSync(path, { force: true });
    server = await listen(path);
  }
  return {
    release: () =>
      new Promise((resolve) => {
        server.close(() => {
          close();
          resolve();
        });
      }),
  };
}
