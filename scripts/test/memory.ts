import { capture } from "./process.ts";

/** One line of `ps`: sizes in KiB. */
export type ProcessRow = { pid: number; parent: number; residentKb: number; command: string };

/** The resident memory, in MB, of the server among the descendants of a process; null when it cannot be told. */
export async function serverMemory(ancestor: number): Promise<number | null> {
  const { code, stdout } = await capture("ps", ["-A", "-o", "pid=,ppid=,rss=,args="]);
  if (code !== 0) return null;
  const rows = readProcesses(stdout);
  const server = descendants(rows, ancestor).find(({ command }) => command.includes("server/main.ts"));
  return server === undefined ? null : server.residentKb / 1024;
}

/** Pure. */
export function readProcesses(text: string): ProcessRow[] {
  return [...text.matchAll(/^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/gm)].map(([, pid, parent, residentKb, command]) => ({
    pid: Number(pid),
    parent: Number(parent),
    residentKb: Number(residentKb),
    command: command ?? "",
  }));
}

/** The process itself and everything below it. Pure. */
export function descendants(rows: readonly ProcessRow[], ancestor: number): ProcessRow[] {
  const below = rows.filter(({ parent }) => parent === ancestor);
  const self = rows.filter(({ pid }) => pid === ancestor);
  return [...self, ...below.flatMap(({ pid }) => descendants(rows, pid))];
}
