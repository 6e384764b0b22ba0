"use client";

import { useState } from "react";
import { Button, type ButtonVariant } from "#/components/ui/button.tsx";
import { toast } from "#/components/ui/toasts.tsx";
import { problemText } from "./client.ts";

type Props = {
  label: string;
  /** Its whole name, when the label alone would be one of many alike. */
  name?: string | undefined;
  act: () => Promise<void>;
  variant?: ButtonVariant | undefined;
  isDisabled?: boolean | undefined;
};

/** A small button that does one thing at once; a problem appears in passing. */
export function ActButton({ label, name, act, variant = "quiet", isDisabled }: Props) {
  const [isPending, setPending] = useState(false);
  async function run(): Promise<void> {
    setPending(true);
    await act()
      .catch((error: unknown) => toast(problemText(error), "bad"))
      .finally(() => setPending(false));
  }
  return (
    <Button
      size="s"
      variant={variant}
      isPending={isPending}
      disabled={isDisabled}
      onClick={run}
      {...(name && { "aria-label": name })}
    >
      {label}
    </Button>
  );
}
