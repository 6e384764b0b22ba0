"use client";

import { useState } from "react";
import { api, fieldProblem } from "#/components/api/client.ts";
import { ProblemBanner } from "#/components/api/problem-banner.tsx";
import { useSubmit } from "#/components/api/use-submit.ts";
import { Button } from "#/components/ui/button.tsx";
import { Dialog, DialogActions } from "#/components/ui/dialog.tsx";
import { TextArea } from "#/components/ui/field.tsx";
import { toast } from "#/components/ui/toasts.tsx";
import type { IncidentView } from "#/server/incidents/contract.ts";
import { REASON_LENGTH_MAX } from "#/server/incidents/shared/lists.ts";

type Props = { incident: IncidentView; isOpen: boolean; onClose: () => void };

/** Says that a triage incident is none, and why. It can be reopened. */
export function DeclineDialog({ incident, isOpen, onClose }: Props) {
  const [reason, setReason] = useState("");
  const decline = useSubmit(async () => {
    await api.post(`/api/v1/incidents/${incident.id}/decline`, { reason: reason.trim() });
    onClose();
    toast(`${incident.reference} declined. It can be reopened.`);
  });
  return (
    <Dialog title={`Decline ${incident.reference}`} isOpen={isOpen} onClose={onClose}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void decline.run();
        }}
      >
        <p className="text-s text-muted">{incident.title}</p>
        <TextArea
          label="Reason"
          hint="Kept in the timeline. Leave it empty if it speaks for itself."
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          maxLength={REASON_LENGTH_MAX}
          error={fieldProblem(decline.problem, "/reason")}
        />
        <ProblemBanner problem={decline.problem} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" isPending={decline.isPending}>
            Decline
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
