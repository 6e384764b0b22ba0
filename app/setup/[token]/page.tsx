import type { Metadata } from "next";
import Link from "next/link";
import { connection } from "next/server";
import { Door } from "#/components/sign-in/door.tsx";
import { SetupForm } from "#/components/sign-in/setup-form.tsx";
import { backend } from "#/server/backend.ts";

// The address holds the token: no other site may hear of it.
export const metadata: Metadata = { title: "Set up", referrer: "no-referrer" };

type Props = { params: Promise<{ token: string }> };

export default async function SetupPage({ params }: Props) {
  await connection();
  const { token } = await params;
  if (await backend().isSetupToken(token)) {
    return (
      <Door title="Create the first account">
        <p className="text-s text-muted">Whoever makes it is the owner of this server and invites the others.</p>
        <SetupForm token={token} />
      </Door>
    );
  }
  return (
    <Door title="This link does not work any more">
      <p className="text-muted">
        It works once, until Muster is started again. The newest one is printed at the start.
      </p>
      <Link href="/sign-in" className="text-accent underline">
        Sign in
      </Link>
    </Door>
  );
}
