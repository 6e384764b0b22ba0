"use client";

import type { FormEvent, ReactNode } from "react";
import { ProblemBanner } from "#/components/api/problem-banner.tsx";
import type { useSubmit } from "#/components/api/use-submit.ts";
import { Button } from "#/components/ui/button.tsx";

type Props = {
  /** What is sent, and whether it may be. */
  submit: ReturnType<typeof useSubmit>;
  isReady: boolean;
  /** The words of its two buttons. */
  submitLabel: string;
  closeLabel: string;
  onClose: () => void;
  className: string;
  children: ReactNode;
};

/** The frame of a task's fields in the list: Enter sends them, Esc closes it. */
export function TaskForm({ submit, isReady, submitLabel, closeLabel, onClose, className, children }: Props) {
  function send(event: FormEvent): void {
    event.preventDefault();
    if (isReady) void submit.run();
  }
  return (
    <form
      onSubmit={send}
      onKeyDown={(event) => event.key === "Escape" && onClose()}
      className={`flex flex-col gap-2 ${className}`}
    >
      {children}
      <ProblemBanner problem={submit.problem} />
      <div className="flex gap-2 max-[900px]:*:min-h-11">
        <Button type="submit" size="s" variant="primary" isPending={submit.isPending}>
          {submitLabel}
        </Button>
        <Button size="s" variant="quiet" onClick={onClose}>
          {closeLabel}
        </Button>
      </div>
    </form>
  );
}
