import { headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { connection } from "next/server";
import type { Person } from "#/components/shell/person.ts";
import { type BackendResult, backend } from "#/server/backend.ts";

type SignedInPage = {
  me: Person;
  /** Any GET of `/api/v1` as this person. */
  get: <T>(path: string) => Promise<BackendResult<T>>;
};

/** Who asks for a page; whoever is nobody goes to sign in and comes back to `path`. */
export async function signedIn(path: string): Promise<SignedInPage> {
  await connection();
  const asked = await headers();
  const me = await backend().me(asked);
  if (!me) redirect(`/sign-in?callbackUrl=${encodeURIComponent(path)}`);
  return { me, get: (apiPath) => backend().get(asked, apiPath) };
}

/** The items of a list, or none when it may not be read: for what a page can do without. */
export function itemsOf<T>(result: BackendResult<{ items: T[] }>): T[] {
  return result.ok ? result.value.items : [];
}

/** What was asked for. What may not be read is a page that is not there. @throws whatever else went wrong, for the error page */
export function pageValue<T>(result: BackendResult<T>): T {
  if (result.ok) return result.value;
  if (result.code === "not_found" || result.code === "forbidden") notFound();
  throw new Error(`${result.code}: ${result.message}`);
}
