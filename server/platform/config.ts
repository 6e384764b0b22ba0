import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { randomToken } from "./crypto.ts";

/** A setting that is wrong or missing; the message names the variable and is the whole answer at start. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

export type SlackConfig = { botToken: string; signingSecret?: string; channel?: string; apiUrl?: string };
export type Config = {
  port: number;
  host: string;
  publicUrl: string;
  dataDir: string;
  databaseUrl: string | undefined;
  authSecret: string;
  admin: { email: string; password: string } | undefined;
  apiToken: string | undefined;
  smtpUrl: string | undefined;
  mailFrom: string | undefined;
  slack: SlackConfig | undefined;
  pages: boolean;
  logLevel: string;
  isDevelopment: boolean;
};

const MUSTER_NAMES = ["MUSTER_ADMIN_EMAIL", "MUSTER_ADMIN_PASSWORD", "MUSTER_API_TOKEN", "MUSTER_PAGES"];
const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];
const API_TOKEN_LENGTH_MIN = 32;
const PASSWORD_LENGTH_MIN = 8;
const AUTH_SECRET_LENGTH_MIN = 32;

type Environment = Record<string, string | undefined>;

function read(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim();
  return value ? value : undefined;
}

function readUrl(env: Environment, name: string, protocols: readonly string[]): string | undefined {
  const value = read(env, name);
  if (value === undefined) return undefined;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url || !protocols.includes(url.protocol)) {
    throw new ConfigError(
      `${name} must be an address that starts with ${protocols.map((p) => `${p}//`).join(" or ")}.`,
    );
  }
  return value;
}

function readPort(env: Environment): number {
  const text = read(env, "PORT") ?? "3000";
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535)
    throw new ConfigError(`PORT must be a number from 1 to 65535, not "${text}".`);
  return port;
}

function readPublicUrl(env: Environment, port: number): string {
  const value = readUrl(env, "PUBLIC_URL", ["http:", "https:"]) ?? `http://localhost:${port}`;
  const url = new URL(value);
  if (url.pathname !== "/" || url.search || url.hash) {
    throw new ConfigError("PUBLIC_URL must be an origin without a path, like https://muster.example.com.");
  }
  return url.origin;
}

function readAdmin(env: Environment): Config["admin"] {
  const email = read(env, "MUSTER_ADMIN_EMAIL");
  const password = env.MUSTER_ADMIN_PASSWORD;
  if (!email && !password) return undefined;
  if (!email) throw new ConfigError("MUSTER_ADMIN_EMAIL is missing: MUSTER_ADMIN_PASSWORD needs it.");
  if (!password) throw new ConfigError("MUSTER_ADMIN_PASSWORD is missing: MUSTER_ADMIN_EMAIL needs it.");
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new ConfigError("MUSTER_ADMIN_EMAIL must be an e-mail address.");
  if (password.length < PASSWORD_LENGTH_MIN) {
    throw new ConfigError(`MUSTER_ADMIN_PASSWORD must have ${PASSWORD_LENGTH_MIN} characters or more.`);
  }
  return { email, password };
}

function readSlack(env: Environment): SlackConfig | undefined {
  const botToken = read(env, "SLACK_BOT_TOKEN");
  const signingSecret = read(env, "SLACK_SIGNING_SECRET");
  const channel = read(env, "SLACK_CHANNEL");
  const apiUrl = readUrl(env, "SLACK_API_URL", ["http:", "https:"]);
  if (!botToken) {
    if (channel) throw new ConfigError("SLACK_BOT_TOKEN is missing: SLACK_CHANNEL needs it.");
    return undefined;
  }
  return { botToken, ...(signingSecret && { signingSecret }), ...(channel && { channel }), ...(apiUrl && { apiUrl }) };
}

function readApiToken(env: Environment): string | undefined {
  const token = read(env, "MUSTER_API_TOKEN");
  if (token !== undefined && token.length < API_TOKEN_LENGTH_MIN) {
    throw new ConfigError(`MUSTER_API_TOKEN must have ${API_TOKEN_LENGTH_MIN} characters or more.`);
  }
  return token;
}

/** The secret kept in `DATA_DIR`, made at the first start. */
function keptSecret(dataDir: string): string {
  const file = join(dataDir, "auth-secret");
  if (!existsSync(file)) {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(file, `${randomToken(32)}\n`, { mode: 0o600, flag: "wx" });
  }
  return readFileSync(file, "utf8").trim();
}

function readAuthSecret(env: Environment, dataDir: string): string {
  const given = read(env, "AUTH_SECRET");
  if (given === undefined) return keptSecret(dataDir);
  if (given.length < AUTH_SECRET_LENGTH_MIN)
    throw new ConfigError(`AUTH_SECRET must have ${AUTH_SECRET_LENGTH_MIN} characters or more.`);
  return given;
}

function refuseUnknown(env: Environment): void {
  for (const name of Object.keys(env)) {
    if (name.startsWith("MUSTER_") && !MUSTER_NAMES.includes(name)) {
      throw new ConfigError(`${name} is not a setting of Muster; known are ${MUSTER_NAMES.join(", ")}.`);
    }
  }
  if (read(env, "REDIS_URL"))
    throw new ConfigError("REDIS_URL is set, but several nodes are not supported yet: remove it.");
  const singleSignOn = ["OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"].find((name) => read(env, name));
  if (singleSignOn)
    throw new ConfigError(`${singleSignOn} is set, but single sign-on is not supported yet: remove it.`);
}

function choice<T extends string>(env: Environment, name: string, allowed: readonly T[], fallback: T): T {
  const value = read(env, name) ?? fallback;
  if (!(allowed as readonly string[]).includes(value))
    throw new ConfigError(`${name} must be one of ${allowed.join(", ")}, not "${value}".`);
  return value as T;
}

/**
 * The settings of this process, from its environment.
 * Writes the generated secret into `DATA_DIR` when none is given.
 *
 * @throws ConfigError naming the first variable that is wrong.
 */
export function readConfig(env: Environment): Config {
  refuseUnknown(env);
  const port = readPort(env);
  const smtpUrl = readUrl(env, "SMTP_URL", ["smtp:", "smtps:"]);
  const mailFrom = read(env, "MAIL_FROM");
  if (smtpUrl && !mailFrom)
    throw new ConfigError("MAIL_FROM is missing: SMTP_URL needs the address that mail comes from.");
  const dataDir = resolve(read(env, "DATA_DIR") ?? "./data");
  return {
    port,
    host: read(env, "HOST") ?? "127.0.0.1",
    publicUrl: readPublicUrl(env, port),
    dataDir,
    databaseUrl: readUrl(env, "DATABASE_URL", ["postgres:", "postgresql:"]),
    admin: readAdmin(env),
    apiToken: readApiToken(env),
    smtpUrl,
    mailFrom,
    slack: readSlack(env),
    pages: choice(env, "MUSTER_PAGES", ["on", "off"], "on") === "on",
    logLevel: choice(env, "LOG_LEVEL", LOG_LEVELS, "info"),
    isDevelopment: env.NODE_ENV === "development",
    authSecret: readAuthSecret(env, dataDir),
  };
}
