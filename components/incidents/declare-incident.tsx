"use client";

import { useState } from "react";
import { Button } from "#/components/ui/button.tsx";
import { Dialog } from "#/components/ui/dialog.tsx";
import { DeclareForm } from "./declare-form.tsx";

/** The button that declares an incident, and its dialog. */
export function DeclareIncident() {
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
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
