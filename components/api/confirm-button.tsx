"use client";

import { type ReactNode, useState } from "react";
import { Button, type ButtonVariant } from "#/components/ui/button.tsx";
import { Dialog, DialogActions } from "#/components/ui/dialog.tsx";
import { ProblemBanner } from "./problem-banner.tsx";
import { useSubmit } from "./use-submit.ts";

type Props = {
  /** What the button shows, and the one that confirms. */
  label: string;
  /** The whole act, `Delete Cron checks`: the button's name and the dialog's title. Begins with the label. */
  title: string;
  /** What it will do, and what cannot be undone. */
  children: ReactNode;
  onConfirm: () => Promise<void>;
  variant?: ButtonVariant | undefined;
};

/** A button for what cannot be taken back: it asks first. */
export function ConfirmButton({ label, title, children, onConfirm, variant = "quiet" }: Props) {
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  const confirm = useSubmit(async () => {
    await onConfirm();
    close();
  });
  return (
    <>
      <Button size="s" variant={variant} aria-label={title} onClick={() => setOpen(true)}>
        {label}
      </Button>
      <Dialog title={title} isOpen={isOpen} onClose={close}>
        <div className="text-s text-muted">{children}</div>
        <ProblemBanner problem={confirm.problem} />
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button variant="danger" isPending={confirm.isPending} onClick={() => void confirm.run()}>
            {label}
          </Button>
        </DialogActions>
      </Dialog>
    </>
  );
}
