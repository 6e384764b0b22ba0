import { ApiProblem } from "#/components/api/client.ts";

const NO_CONNECTION = new ApiProblem(0, {
  title: "No connection",
  detail: "The server cannot be reached. Try again in a moment.",
});
const NO_COOKIES = new ApiProblem(403, {
  title: "No cookie",
  detail: "This browser keeps no cookie for this address. Allow cookies here, or open Muster by its own address.",
});

async function answerOf<T>(request: Promise<Response>): Promise<{ isOk: boolean; body: T }> {
  try {
    const response = await request;
    return { isOk: response.ok, body: (await response.json()) as T };
  } catch {
    throw NO_CONNECTION;
  }
}

function wordsOf(error: string | null): string {
  if (!error || error === "CredentialsSignin") return "The e-mail address or the password is not right.";
  return error;
}

/** Signs in and leaves the cookie in the browser. @throws ApiProblem with words for the person */
export async function sendCredentials(email: string, password: string): Promise<void> {
  const { body: csrf } = await answerOf<{ csrfToken: string }>(fetch("/api/auth/csrf", { cache: "no-store" }));
  const form = new URLSearchParams({ csrfToken: csrf.csrfToken, email, password, callbackUrl: "/", json: "true" });
  const { isOk, body } = await answerOf<{ url?: string }>(
    fetch("/api/auth/callback/credentials", { method: "POST", body: form, cache: "no-store" }),
  );
  const answered = body.url && URL.canParse(body.url, location.origin) ? new URL(body.url, location.origin) : undefined;
  if (answered?.searchParams.get("csrf")) throw NO_COOKIES;
  if (!isOk) throw new ApiProblem(401, { detail: wordsOf(answered?.searchParams.get("error") ?? null) });
}
