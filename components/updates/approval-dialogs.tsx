"use client";

import { type FormEvent, useState } from "react";
import { api, fieldProblem } from "#/components/api/client.ts";
import { ProblemBanner } from "#/components/api/problem-banner.tsx";
import { useSubmit } from "#/components/api/use-submit.ts";
import { incidentPath } from "#/components/room/incident-path.ts";
import { Button } from "#/components/ui/button.tsx";
import { Dialog, DialogActions } from "#/components/ui/dialog.tsx";
import { TextArea } from "#/components/ui/field.tsx";
import { REASON_LENGTH_MAX } from "#/server/incidents/shared/lists.ts";
import type { PlannedUpdateView } from "#/server/updates/planned/contract.ts";
import { PlannedText } from "./approval-text.tsx";

type Props = { planned: PlannedUpdateView; onClose: () => void };

export function plannedPath(planned: Pick<PlannedUpdateView, "incidentId" | "id">, ...rest: string[]): string {
  return incidentPath(planned.incidentId, "planned-updates", planned.id, ...rest);
}

const asked = {
  decline: {
    title: "Decline this update",
    label: "What should be different?",
    hint: "Whoever asked hears it, and can change the text and ask again.",
    submit: "Decline",
  },
  bypass: {
    title: "Publish without approval",
    label: "Why can it not wait?",
    hint: "Your name and this reason stand in the timeline and in the audit log, and the commander is told.",
    submit: "Publish without approval",
  },
} as const;

/** Asks why something is declined, or goes out without the approval that it needs. */
export function ReasonDialog({ planned, what, onClose }: Props & { what: keyof typeof asked }) {
  const words = asked[what];
  const [reason, setReason] = useState("");
  const { run, isPending, problem } = useSubmit(async () => {
    await api.post(plannedPath(planned, what), {
      reason: reason.trim(),
      ...(what === "bypass" && { version: planned.version }),
    });
    onClose();
  });
  return (
    <Dialog title={words.title} isOpen onClose={onClose}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void run();
        }}
      >
        <PlannedText planned={planned} className="rounded-md border border-line p-3 text-s" />
        <TextArea
          label={words.label}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          maxLength={REASON_LENGTH_MAX}
          hint={words.hint}
          error={fieldProblem(problem, "/reason")}
          required
          autoFocus
        />
        <ProblemBanner problem={problem} />
        <DialogActions>
          <Button onClick={onClose}>Back</Button>
          <Button type="submit" variant={what === "bypass" ? "danger" : "primary"} isPending={isPending}>
            {words.submit}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
