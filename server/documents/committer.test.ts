import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Committer } from "./committer.ts";
import { BACKLOG_AGE_MAX_MS, BACKLOG_BYTES_MAX, COMMIT_WINDOW_MS } from "./limits.ts";

type Entry = { bytes: Uint8Array; name: string };
const entry = (name: string, size = 1): Entry => ({ bytes: new Uint8Array(size), name });

/** A committer over a database that does what the test says. */
function scripted() {
  const batches: string[][] = [];
  const failures: number[] = [];
  const database = { isAway: false, write: async () => {} };
  const committer = new Committer<Entry>(
    (entries) => {
      const names = entries.map((each) => each.name);
      return async () => {
        if (database.isAway) throw new Error("away");
        await database.write();
        batches.push(names);
      };
    },
    (_error, attempt) => failures.push(attempt),
  );
  return { committer, batches, failures, database };
}

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
afterEach(() => void vi.useRealTimers());

describe("group commit", () => {
  test("[SY22] what comes within one window is one batch", async () => {
    const { committer, batches } = scripted();
    const first = committer.add(entry("a"));
    const second = committer.add(entry("b"));
    expect(committer.isCommitted(first)).toBe(false);
    await vi.advanceTimersByTimeAsync(COMMIT_WINDOW_MS);
    await committer.whenCommitted(second);
    expect(batches).toEqual([["a", "b"]]);
    expect(committer.isIdle).toBe(true);
  });

  test("[SY22] what comes while a batch is written waits for it, and goes with the next window", async () => {
    const { committer, batches, database } = scripted();
    let finish = () => {};
    database.write = () => new Promise((resolve) => (finish = resolve));
    committer.add(entry("a"));
    await vi.advanceTimersByTimeAsync(COMMIT_WINDOW_MS);
    committer.add(entry("b"));
    committer.add(entry("c"));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(batches).toEqual([]);
    database.write = async () => {};
    finish();
    await vi.advanceTimersByTimeAsync(0);
    expect(batches).toEqual([["a"]]);
    await vi.advanceTimersByTimeAsync(COMMIT_WINDOW_MS);
    expect(batches).toEqual([["a"], ["b", "c"]]);
  });

  test("[SY23] a failed batch is tried again unchanged, and nothing is acknowledged before", async () => {
    const { committer, batches, failures, database } = scripted();
    database.isAway = true;
    const ticket = committer.add(entry("a"));
    const saved = vi.fn();
    void committer.whenCommitted(ticket).then(saved);
    await vi.advanceTimersByTimeAsync(2_000);
    committer.add(entry("b"));
    expect(saved).not.toHaveBeenCalled();
    expect(failures.length).toBeGreaterThan(2);
    database.isAway = false;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(saved).toHaveBeenCalledOnce();
    expect(batches).toEqual([["a"], ["b"]]);
  });

  test("[SY23] it is full beyond the bytes of the backlog, and not at them", () => {
    const { committer } = scripted();
    committer.add(entry("a", BACKLOG_BYTES_MAX));
    expect(committer.isFull).toBe(false);
    committer.add(entry("b", 1));
    expect(committer.isFull).toBe(true);
  });

  test("[SY23] it is full once the oldest edit waited too long, and empties again", async () => {
    const { committer, database } = scripted();
    database.isAway = true;
    committer.add(entry("a"));
    await vi.advanceTimersByTimeAsync(BACKLOG_AGE_MAX_MS - 100);
    expect(committer.isFull).toBe(false);
    await vi.advanceTimersByTimeAsync(200);
    expect(committer.isFull).toBe(true);
    database.isAway = false;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(committer.isFull).toBe(false);
  });

  test("[SY81] a flush does not wait for the window", async () => {
    const { committer, batches } = scripted();
    committer.add(entry("a"));
    await committer.flush();
    expect(batches).toEqual([["a"]]);
  });

  test("whoever waits for a document that ends is told", async () => {
    const { committer, database } = scripted();
    database.isAway = true;
    const waiting = committer.whenCommitted(committer.add(entry("a")));
    const told = expect(waiting).rejects.toThrow("closed");
    committer.end();
    await told;
  });
});
