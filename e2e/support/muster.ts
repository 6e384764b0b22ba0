import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fillDataDir } from "#/db/test-database.ts";
import { freePort, until } from "./free-port.ts";

export const OWNER_TOKEN = "mst_e2e_0123456789abcdef0123456789abcdef0123456789";
export const PASSWORD = "correct horse battery staple";

/** Compiled once for all processes: a start is a fifth shorter. */
const COMPILE_CACHE = join(tmpdir(), "muster-compile-cache");
/** A busy machine with two cores starts three servers at once. */
const READY_LIMIT_MS = 60_000;

/** The environment of a server whose clock can be shifted. */
export const shiftedClock = { NODE_OPTIONS: `--import=${new URL("./shifted-clock.mjs", import.meta.url).href}` };

type Answer<T> = { status: number; body: T; headers: Headers };

/** A real server in a process of its own, on a throw-away data folder. */
export class Muster {
  readonly url: string;
  readonly dataDir = mkdtempSync(join(tmpdir(), "muster-e2e-"));
  readonly #environment: Record<string, string>;
  readonly #port: number;
  #process: ChildProcess | undefined;

  private constructor(port: number, environment: Record<string, string>) {
    this.#port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.#environment = environment;
  }

  static async start(environment: Record<string, string> = {}): Promise<Muster> {
    const muster = new Muster(await freePort(), environment);
    await fillDataDir(muster.dataDir);
    await muster.start();
    return muster;
  }

  /** The very first start: nothing is in the data folder. */
  static async startEmpty(environment: Record<string, string>): Promise<Muster> {
    const muster = new Muster(await freePort(), environment);
    await muster.start();
    return muster;
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", "server/main.ts"], {
      env: {
        ...process.env,
        NODE_ENV: "production",
        NODE_COMPILE_CACHE: COMPILE_CACHE,
        PORT: String(this.#port),
        PUBLIC_URL: this.url,
        DATA_DIR: this.dataDir,
        LOG_LEVEL: "warn",
        MUSTER_ADMIN_EMAIL: "olga@example.com",
        MUSTER_ADMIN_PASSWORD: PASSWORD,
        MUSTER_API_TOKEN: OWNER_TOKEN,
        ...this.#environment,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const log = createWriteStream(join(this.dataDir, "server.log"), { flags: "a" });
    child.stdout?.pipe(log);
    child.stderr?.pipe(log);
    this.#process = child;
    // A test that fails before its `stop` leaves no server behind.
    const kill = () => child.kill("SIGKILL");
    process.once("exit", kill);
    child.once("exit", () => process.off("exit", kill));
    await until(
      "a ready server",
      async () => {
        if (child.exitCode !== null) throw new Error(`it exited: ${child.exitCode}; see ${this.dataDir}/server.log`);
        return (await fetch(`${this.url}/readyz`)).ok;
      },
      READY_LIMIT_MS,
    );
  }

  /** Ends the process as a power-hungry kernel would: no warning, no flush. */
  async killHard(): Promise<void> {
    const child = this.#process;
    if (!child) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }

  /** Lets three minutes pass for the server at once; it was started with `shiftedClock`. */
  shiftClock(): void {
    this.#process?.kill("SIGUSR2");
  }

  async stop(): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
  }

  /** A request of the owner; @throws Error for an answer that is not 2xx */
  async api<T>(method: string, path: string, body?: unknown, token = OWNER_TOKEN): Promise<T> {
    const answer = await this.ask<T>(method, path, body, token);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async ask<T>(method: string, path: string, body?: unknown, token: string | null = OWNER_TOKEN): Promise<Answer<T>> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    let parsed: unknown = text;
    try {
      parsed = JSON.parse(text);
    } catch {
      // Pages and feeds stay text.
    }
    return { status: response.status, body: parsed as T, headers: response.headers };
  }

  async person(
    name: string,
    role: "admin" | "responder" | "viewer" = "responder",
  ): Promise<{ id: string; email: string }> {
    const email = `${name.toLowerCase()}@example.com`;
    const { id } = await this.api<{ id: string }>("POST", "/api/v1/users", { email, name, role, password: PASSWORD });
    return { id, email };
  }
}
