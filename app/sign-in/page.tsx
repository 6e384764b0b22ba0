import type { Metadata } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { connection } from "next/server";
import { callbackPath } from "#/components/sign-in/callback-path.ts";
import { Door } from "#/components/sign-in/door.tsx";
import { SignInForm } from "#/components/sign-in/sign-in-form.tsx";
import { backend } from "#/server/backend.ts";

export const metadata: Metadata = { title: "Sign in" };

type Props = { searchParams: Promise<{ callbackUrl?: string | string[] }> };

export default async function SignInPage({ searchParams }: Props) {
  await connection();
  const goTo = callbackPath((await searchParams).callbackUrl);
  if (await backend().me(await headers())) redirect(goTo);
  const hasAnyone = await backend().hasAnyone();
  return (
    <Door title="Sign in">
      {!hasAnyone && (
        <p className="text-s text-muted">
          Nobody has an account yet. Open the set-up link that Muster printed where it was started.
        </p>
      )}
      <SignInForm goTo={goTo} />
    </Door>
  );
}
