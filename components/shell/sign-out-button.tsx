"use client";

import { signOut } from "next-auth/react";
import { useState } from "react";
import { clearDevice, countKeptDocuments } from "#/components/realtime/documents/indexed-edits.ts";
import { Button } from "#/components/ui/button.tsx";
import { Dialog, DialogActions } from "#/components/ui/dialog.tsx";

/** Ends this session, here and on the server. Edits that wait on this device go with it: it asks first when there are some. */
export function SignOutButton() {
  const [isPending, setPending] = useState(false);
  const [waiting, setWaiting] = useState(0);
  async function leave(): Promise<void> {
    setWaiting(0);
    setPending(true);
    await clearDevice();
    await signOut({ callbackUrl: "/sign-in" }).catch(() => setPending(false));
  }
  async function ask(): Promise<void> {
    const count = await countKeptDocuments();
    if (count === 0) await leave();
    else setWaiting(count);
  }
  return (
    <>
      <Button variant="quiet" size="s" isPending={isPending} onClick={ask} className="-ml-2.5 self-start">
        Sign out
      </Button>
      <Dialog title="Sign out and lose edits?" isOpen={waiting > 0} onClose={() => setWaiting(0)}>
        <p className="text-s text-muted">
          {waiting === 1 ? "One text has" : `${waiting} texts have`} edits that are only on this device. They are saved
          as soon as the server is back; signing out deletes them.
        </p>
        <DialogActions>
          <Button onClick={() => setWaiting(0)}>Stay signed in</Button>
          <Button variant="danger" onClick={leave}>
            Sign out and lose edits
          </Button>
        </DialogActions>
      </Dialog>
    </>
  );
}
