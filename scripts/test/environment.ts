/** Muster's own settings: a person's shell may carry those of a real installation. */
const SETTINGS =
  /^(?:PORT|HOST|PUBLIC_URL|DATA_DIR|DATABASE_URL|REDIS_URL|AUTH_SECRET|SMTP_URL|MAIL_FROM|NODE_ENV|LOG_LEVEL|(?:MUSTER|SLACK|OIDC|NEXTAUTH)_.*)$/;

/** This process' environment without any setting of Muster, and with `extra`. */
export function testEnvironment(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  const env = { ...process.env };
  for (const name of Object.keys(env)) {
    if (SETTINGS.test(name)) Reflect.deleteProperty(env, name);
  }
  return { ...env, ...extra };
}
