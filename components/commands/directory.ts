import { api } from "#/components/api/client.ts";
import type { PersonView } from "#/server/incidents/contract.ts";

export type Directory = { people: readonly PersonView[]; services: readonly { id: string; name: string }[] };
type Page<T> = { items: T[]; nextCursor: string | null };

/** 1,000 people are read; beyond them, names are written in full and the server finds them by the dialogs. */
const PAGES_MAX = 5;
/** Somebody who was added meanwhile is there after this. */
const KEPT_MS = 60_000;
const nobody: Directory = { people: [], services: [] };

async function readAll<T>(path: string): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < PAGES_MAX; page++) {
    const query: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
    const answer: Page<T> = await api.get<Page<T>>(`${path}?limit=200${query}`);
    all.push(...answer.items);
    cursor = answer.nextCursor;
    if (!cursor) break;
  }
  return all;
}

let known: Directory = nobody;
let reading: Promise<Directory> | null = null;
let readAtMs = Number.NEGATIVE_INFINITY;

/** Who and what commands can name. Read when it is first needed, then kept for a minute. @throws ApiProblem */
export async function readDirectory(): Promise<Directory> {
  if (Date.now() - readAtMs < KEPT_MS) return known;
  reading ??= Promise.all([
    readAll<PersonView & { disabledAt: string | null }>("/api/v1/users"),
    readAll<{ id: string; name: string }>("/api/v1/services"),
  ])
    .then(([people, services]) => {
      known = { people: people.filter((each) => !each.disabledAt).map(({ id, name }) => ({ id, name })), services };
      readAtMs = Date.now();
      return known;
    })
    .finally(() => {
      reading = null;
    });
  return reading;
}

/** What was read so far; empty before the first answer. */
export function knownDirectory(): Directory {
  return known;
}
