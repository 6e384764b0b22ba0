import { describe, expect, test } from "vitest";
import { PROCESS_TOKEN, type ServerProcess } from "#/server/testing/server-process.ts";
import { testProcesses, WAIT } from "#/server/testing/test-processes.ts";

const TIME_LIMIT_MS = 120_000;
/** Twice the queue's poll: what would be told twice has been by then. */
const AGAIN_MS = 5_000;

type Task = { id: string; title: string; dueAt: string; overdueAt: string | null };
type Entry = { type: string; actor: { name: string }; data: { taskId?: string } };
type Page<T> = { items: T[] };

const processes = testProcesses();
const start = () => processes.start({ MUSTER_API_TOKEN: PROCESS_TOKEN });

async function toldOverdue(server: ServerProcess, incident: string): Promise<string[]> {
  const { body } = await server.ask<Page<Entry>>("GET", `/api/v1/incidents/${incident}/timeline?limit=200`);
  return body.items.filter(({ type }) => type === "task.overdue").map(({ data }) => data.taskId ?? "");
}

describe("the end of a time box", () => {
  test(
    "is told once, by its time and after a kill in between",
    async () => {
      const before = await start();
      const declared = await before.ask<{ id: string }>("POST", "/api/v1/incidents", { title: "Slow" });
      const incident = declared.body.id;
      const path = `/api/v1/incidents/${incident}/tasks`;
      const dueIn = (ms: number) => new Date(Date.now() + ms).toISOString();
      const add = async (title: string, ms: number) =>
        (await before.ask<Task>("POST", path, { title, dueAt: dueIn(ms) })).body.id;
      const early = await add("while it runs", 500);
      await expect.poll(() => toldOverdue(before, incident), WAIT).toEqual([early]);
      // One box ends while nobody is there, one is done meanwhile, one is still ahead at the restart.
      const away = await add("while it is away", 1_000);
      const done = await add("done before", 1_500);
      await before.ask("PATCH", `${path}/${done}`, { status: "done" });
      const later = await add("after the restart", 8_000);
      await before.killHard();
      const after = await start();
      await expect.poll(() => toldOverdue(after, incident), WAIT).toEqual([early, away, later]);
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      expect(await toldOverdue(after, incident)).toEqual([early, away, later]);
      const { body } = await after.ask<Page<Task>>("GET", path);
      for (const task of body.items) {
        const isTold = task.overdueAt !== null && task.overdueAt >= task.dueAt;
        expect([task.title, isTold]).toEqual([task.title, task.id !== done]);
      }
    },
    TIME_LIMIT_MS,
  );
});

test(
  "the API takes a time box in one way, and says who may acknowledge",
  async () => {
    const server = await start();
    const declared = await server.ask<{ id: string }>("POST", "/api/v1/incidents", { title: "Slow" });
    const path = `/api/v1/incidents/${declared.body.id}/tasks`;
    const made = await server.ask<Task>("POST", path, { title: "Roll back", minutes: 10 });
    expect(made).toMatchObject({ status: 201, body: { status: "open", owner: null, doneBy: null, runbookId: null } });
    const change = (to: object) => server.ask<{ detail: string }>("PATCH", `${path}/${made.body.id}`, to);
    expect(await change({ minutes: 5, extendMinutes: 5 })).toMatchObject({ status: 400 });
    expect(await change({ extendMinutes: 0 })).toMatchObject({ status: 400 });
    const refused = await change({ acknowledged: true });
    expect(refused).toMatchObject({ status: 409 });
    expect(refused.body.detail).toContain("Take the task first");
    expect(await change({ extendMinutes: 20 })).toMatchObject({ status: 200 });
  },
  TIME_LIMIT_MS,
);
