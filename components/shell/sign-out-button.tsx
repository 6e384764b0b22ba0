"use client";

import { signOut } from "next-auth/react";
import { useState } from "react";
import { Button } from "#/components/ui/button.tsx";

/** Ends this session, here and on the server. */
export function SignOutButton() {
  const [isPending, setPending] = useState(false);
  async function leave(): Promise<void> {
    setPending(true);
    await signOut({ callbackUrl: "/sign-in" }).catch(() => setPending(false));
  }
  return (
    <Button variant="quiet" size="s" isPending={isPending} onClick={leave} className="-ml-2.5 self-start">
      Sign out
    </Button>
  );
}
