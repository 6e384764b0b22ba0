import type { Browser, BrowserContext, BrowserContextOptions, Page } from "@playwright/test";
import { type Muster, PASSWORD } from "./muster.ts";

export type Person = { name: string; context: BrowserContext; page: Page };

/** Signs a browser in without the form: the cookie is the same. */
async function signIn(context: BrowserContext, muster: Muster, email: string): Promise<void> {
  const csrf = (await (await context.request.get(`${muster.url}/api/auth/csrf`)).json()) as { csrfToken: string };
  const answer = await context.request.post(`${muster.url}/api/auth/callback/credentials`, {
    form: { csrfToken: csrf.csrfToken, email, password: PASSWORD, json: "true" },
    headers: { origin: muster.url },
  });
  if (!answer.ok()) throw new Error(`signing in as ${email}: ${answer.status()} ${await answer.text()}`);
}

export type BrowserOptions = Pick<BrowserContextOptions, "colorScheme" | "hasTouch" | "storageState" | "viewport">;

/** Somebody with an account, in a browser of their own. */
export async function personIn(
  browser: Browser,
  muster: Muster,
  name: string,
  role: "admin" | "responder" | "viewer" = "responder",
  options: BrowserOptions = {},
): Promise<Person & { id: string }> {
  const { id, email } = await muster.person(name, role);
  return { id, ...(await signedIn(browser, muster, { name, email }, options)) };
}

/** Somebody who has an account already, in a browser of their own. */
export async function signedIn(
  browser: Browser,
  muster: Muster,
  { name, email }: { name: string; email: string },
  options: BrowserOptions = {},
): Promise<Person> {
  const context = await browser.newContext(options);
  await signIn(context, muster, email);
  return { name, context, page: await context.newPage() };
}

/** The first owner, in a browser. */
export async function ownerIn(browser: Browser, muster: Muster, options: BrowserOptions = {}): Promise<Person> {
  return signedIn(browser, muster, { name: "Olga", email: "olga@example.com" }, options);
}
