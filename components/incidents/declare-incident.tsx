"use client";

import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useEffect, useState } from "react";
import { Button } from "#/components/ui/button.tsx";
import { Dialog } from "#/components/ui/dialog.tsx";
import { DeclareForm } from "./declare-form.tsx";

/** The button that declares an incident, and its dialog; `?declare=1` in the address opens it, too. */
export function DeclareIncident() {
  const router = useRouter();
  const path = usePathname();
  const isAsked = useSearchParams().has("declare");
  const [isOpen, setOpen] = useState(isAsked);
  useEffect(() => {
    if (isAsked) setOpen(true);
  }, [isAsked]);
  function close(): void {
    setOpen(false);
    if (!isAsked) return;
    const rest = new URLSearchParams(window.location.search);
    rest.delete("declare");
    router.replace(rest.size > 0 ? `${path}?${rest}` : path, { scroll: false });
  }
  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        Declare incident
      </Button>
      <Dialog title="Declare incident" isOpen={isOpen} onClose={close}>
        <DeclareForm onClose={close} />
      </Dialog>
    </>
  );
}
