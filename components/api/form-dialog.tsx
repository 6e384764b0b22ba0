"use client";

import { type ReactNode, useState } from "react";
import { Button, type ButtonVariant } from "#/components/ui/button.tsx";
import { Dialog, DialogActions } from "#/components/ui/dialog.tsx";
import { ProblemBanner } from "./problem-banner.tsx";
import { useSubmit } from "./use-submit.ts";

type Props = {
  /** What the button that opens it shows. */
  label: string;
  /** The whole act, `Edit checkout`: the button's name and the dialog's title. Begins with the label. */
  title: string;
  /** What the button that sends it says. */
  submitLabel?: string | undefined;
  variant?: ButtonVariant | undefined;
  size?: "s" | "m" | undefined;
  /** Sends the form; the dialog closes when it succeeds. */
  onSubmit: (form: FormData) => Promise<void>;
  /** The fields, by name; `problem` is what the last attempt met. */
  children: (problem: unknown) => ReactNode;
};

/** A button that opens a small form. */
export function FormDialog({ label, variant, size, ...form }: Props) {
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <Button variant={variant} size={size} aria-label={form.title} onClick={() => setOpen(true)}>
        {label}
      </Button>
      <Dialog title={form.title} isOpen={isOpen} onClose={close}>
        <FormBody {...form} onClose={close} />
      </Dialog>
    </>
  );
}

type BodyProps = Pick<Props, "submitLabel" | "onSubmit" | "children"> & { onClose: () => void };

function FormBody({ submitLabel = "Save", onSubmit, children, onClose }: BodyProps) {
  const submit = useSubmit(async (form: FormData) => {
    await onSubmit(form);
    onClose();
  });
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void submit.run(new FormData(event.currentTarget));
      }}
    >
      {children(submit.problem)}
      <ProblemBanner problem={submit.problem} />
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" isPending={submit.isPending}>
          {submitLabel}
        </Button>
      </DialogActions>
    </form>
  );
}
