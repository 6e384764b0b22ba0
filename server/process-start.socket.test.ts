import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { freePort, PROCESS_TOKEN, runToEnd, type ServerProcess } from "#/server/testing/server-process.ts";
import { testProcesses, WAIT } from "#/server/testing/test-processes.ts";

const TIME_LIMIT_MS = 120_000;

const processes = testProcesses();
const { start } = processes;

async function refused(environment: Record<string, string>): Promise<string> {
  const ending = await runToEnd("server/main.ts", [], {
    PORT: String(await freePort()),
    MUSTER_PAGES: "off",
    LOG_LEVEL: "silent",
    ...processes.place.environment,
    ...environment,
  });
  expect(ending).toMatchObject({ code: 1, stdout: "" });
  const lines = ending.stderr.trimEnd().split("\n");
  expect(lines, ending.stderr).toHaveLength(1);
  return String(lines[0]);
}

describe("a setting that cannot be", () => {
  test.each([
    ["MUSTER_COLOUR", { MUSTER_COLOUR: "blue" }],
    ["REDIS_URL", { REDIS_URL: "redis://127.0.0.1:6379" }],
    ["PORT", { PORT: "http" }],
    ["DATABASE_URL", { DATABASE_URL: "postgres://nobody@127.0.0.1:1/none" }],
  ])("%s %j ends the start with one line that names it", { timeout: TIME_LIMIT_MS }, async (name, environment) => {
    expect(await refused(environment)).toContain(name);
  });

  test("a port in use, too", { timeout: TIME_LIMIT_MS }, async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const port = String((other.address() as { port: number }).port);
    try {
      expect(await refused({ PORT: port })).toContain(`PORT ${port}`);
    } finally {
      other.close();
    }
  });
});

describe("one process on a data folder", () => {
  test("a second one is refused; after SIGKILL the next one starts", { timeout: TIME_LIMIT_MS }, async () => {
    const first = await start({ MUSTER_API_TOKEN: PROCESS_TOKEN });
    const line = await refused({});
    expect(line).toContain("DATA_DIR");
    expect(line).toContain(processes.place.dataDir);
    expect((await first.ask("GET", "/readyz")).status).toBe(200);
    await first.killHard();
    const next = await start({ MUSTER_API_TOKEN: PROCESS_TOKEN });
    expect((await next.ask("GET", "/readyz")).body).toEqual({ status: "ok", database: "ok" });
    expect(await next.stop()).toEqual({ code: 0, signal: null });
  });
});

describe("the set-up link", () => {
  const linkOf = (server: ServerProcess) => /\/setup\/(\S+)/.exec(server.stdout())?.[1];

  test("is printed until somebody has an account, and works once", { timeout: TIME_LIMIT_MS }, async () => {
    const empty = await processes.newPlace();
    const first = await start({}, empty);
    await expect.poll(() => linkOf(first), WAIT).toBeTruthy();
    await first.killHard();

    const second = await start({}, empty);
    await expect.poll(() => linkOf(second), WAIT).toBeTruthy();
    expect(linkOf(second)).not.toBe(linkOf(first));
    const owner = { name: "Olga", email: "olga@example.com", password: "correct horse battery staple" };
    const setUp = (token: unknown, email = owner.email) =>
      second.ask("POST", "/api/v1/setup", { ...owner, email, token });
    expect((await setUp(linkOf(first))).status).toBe(404);
    expect(await setUp(linkOf(second))).toMatchObject({ status: 201, body: { email: owner.email, role: "owner" } });
    expect((await setUp(linkOf(second), "eve@example.com")).status).toBe(404);
    await second.stop();

    const third = await start({}, empty);
    await third.stop();
    expect(third.stdout()).toContain("Muster is ready");
    expect(linkOf(third)).toBeUndefined();
  });

  test("two presses at once make one owner", { timeout: TIME_LIMIT_MS }, async () => {
    const server = await start({}, await processes.newPlace());
    await expect.poll(() => linkOf(server), WAIT).toBeTruthy();
    const token = linkOf(server);
    const answers = await Promise.all(
      ["ada", "eve"].map((name) =>
        server.ask("POST", "/api/v1/setup", {
          token,
          name,
          email: `${name}@example.com`,
          password: "correct horse battery staple",
        }),
      ),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 404]);
  });
});
