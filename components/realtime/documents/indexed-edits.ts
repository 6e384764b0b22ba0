import { checkFits, type EditStore, KEPT_AGE_MAX_MS, type KeptEdits } from "./edit-store.ts";

const PREFIX = "muster-edits-";
const TABLE = "edits";
/** Whose edits lie here, while any do: without it nobody has to wait for the database to open. */
const OWNER_KEY = "muster:edits-of";
/** A database that does not open within this is not waited for: the page goes on without. */
const OPEN_MS = 2_000;

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("the browser's database failed"));
  });
}

function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error("the browser's database gave up"));
  });
}

function openDatabase(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("the browser's database does not open")), OPEN_MS);
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(TABLE, { keyPath: ["document", "epoch", "writer"] });
    };
    request.onsuccess = () => {
      clearTimeout(timer);
      resolve(request.result);
    };
    request.onerror = () => {
      clearTimeout(timer);
      reject(request.error ?? new Error("the browser's database does not open"));
    };
  });
}

/** One database a user. Once somebody deletes it (signing out, in any tab) this page writes there no more. */
class IndexedEdits implements EditStore {
  readonly #userId: string;
  #database: Promise<IDBDatabase> | null = null;
  #isGone = false;

  constructor(userId: string) {
    this.#userId = userId;
  }

  /** Something may be there. */
  get #isInUse(): boolean {
    return !this.#isGone && localStorage.getItem(OWNER_KEY) === this.#userId;
  }

  async #open(): Promise<IDBDatabase> {
    const database = await openDatabase(PREFIX + this.#userId);
    database.onversionchange = () => {
      this.#isGone = true;
      database.close();
    };
    database.onclose = () => {
      this.#isGone = true;
    };
    await this.#forgetOld(database);
    return database;
  }

  async #forgetOld(database: IDBDatabase): Promise<void> {
    const table = database.transaction(TABLE, "readwrite").objectStore(TABLE);
    for (const edits of (await done(table.getAll())) as KeptEdits[]) {
      if (edits.at < Date.now() - KEPT_AGE_MAX_MS) table.delete([edits.document, edits.epoch, edits.writer]);
    }
  }

  async #table(mode: IDBTransactionMode): Promise<{ table: IDBObjectStore; transaction: IDBTransaction }> {
    this.#database ??= this.#open();
    const database = await this.#database;
    if (this.#isGone) throw new Error("the edits on this device were cleared");
    const transaction = database.transaction(TABLE, mode);
    return { table: transaction.objectStore(TABLE), transaction };
  }

  async read(document: string): Promise<KeptEdits[]> {
    if (!this.#isInUse) return [];
    const { table } = await this.#table("readonly");
    return done(table.getAll(IDBKeyRange.bound([document], [document, []])));
  }

  async documents(): Promise<string[]> {
    if (!this.#isInUse) return [];
    const { table } = await this.#table("readonly");
    const keys = (await done(table.getAllKeys())) as [string, number, number][];
    return [...new Set(keys.map(([document]) => document))];
  }

  async put(edits: KeptEdits): Promise<void> {
    checkFits(edits, await this.documents());
    const { table, transaction } = await this.#table("readwrite");
    localStorage.setItem(OWNER_KEY, this.#userId);
    table.put(edits);
    // Said aloud, so that a page that is left right now still gets it written.
    transaction.commit();
    await committed(transaction);
    // Again: another tab may have found nothing here just before.
    localStorage.setItem(OWNER_KEY, this.#userId);
  }

  async remove({ document, epoch, writer, revision }: KeptEdits): Promise<void> {
    const { table, transaction } = await this.#table("readwrite");
    const key = [document, epoch, writer];
    const there = (await done(table.get(key))) as KeptEdits | undefined;
    if (there?.revision === revision) table.delete(key);
    await this.#leaveIfEmpty(table);
    await committed(transaction);
  }

  async #leaveIfEmpty(table: IDBObjectStore): Promise<void> {
    if ((await done(table.count())) === 0) localStorage.removeItem(OWNER_KEY);
  }

  async drop(document: string): Promise<void> {
    const { table, transaction } = await this.#table("readwrite");
    table.delete(IDBKeyRange.bound([document], [document, []]));
    await this.#leaveIfEmpty(table);
    await committed(transaction);
  }

  async clear(): Promise<void> {
    await clearDevice();
  }
}

async function databaseNames(): Promise<string[]> {
  const owner = localStorage.getItem(OWNER_KEY);
  const listed = (await indexedDB.databases?.()) ?? [];
  const names = listed.flatMap(({ name }) => (name?.startsWith(PREFIX) ? [name] : []));
  return [...new Set([...names, ...(owner ? [PREFIX + owner] : [])])];
}

function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(name);
    // Blocked by another tab for a moment: it closes when it hears of this.
    const timer = setTimeout(resolve, OPEN_MS);
    request.onsuccess = request.onerror = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

/** Takes away whatever anybody's edits left in this browser; for signing out. Without such storage there is nothing to do. */
export async function clearDevice(): Promise<void> {
  try {
    await Promise.all((await databaseNames()).map(deleteDatabase));
    localStorage.removeItem(OWNER_KEY);
  } catch {
    // Storage that may not be read holds nothing.
  }
}

/** How many documents have edits in this browser that the server has not got. 0 when it cannot be known. */
export async function countKeptDocuments(): Promise<number> {
  try {
    const owner = localStorage.getItem(OWNER_KEY);
    return owner ? (await new IndexedEdits(owner).documents()).length : 0;
  } catch {
    return 0;
  }
}

/** The edits of one user in this browser; null where there is no such storage. Whatever another user left is deleted. */
export function openIndexedEdits(userId: string): EditStore | null {
  try {
    if (typeof indexedDB === "undefined") return null;
    const owner = localStorage.getItem(OWNER_KEY);
    if (owner && owner !== userId) {
      localStorage.removeItem(OWNER_KEY);
      void deleteDatabase(PREFIX + owner);
    }
    return new IndexedEdits(userId);
  } catch {
    // Storage is forbidden here.
    return null;
  }
}
