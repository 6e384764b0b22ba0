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
import { declineReasons, REASON_LENGTH_MAX } from "#/server/incidents/shared/lists.ts";

type Props = { incident: IncidentView; isOpen: boolean; onClose: () => void };

/** Says that a triage incident is none, and why. It can be reopened. */
export function DeclineDialog({ incident, isOpen, onClose }: Props) {
  const [reason, setReason] = useState("");
  const [chosen, setChosen] = useState<string | null>(null);
  const decline = useSubmit(async () => {
    const words = [chosen, reason.trim()].filter(Boolean).join(": ");
    await api.post(`/api/v1/incidents/${incident.id}/decline`, { reason: words });
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
        <Reasons chosen={chosen} onChoose={setChosen} />
        <TextArea
          label="Reason"
          rows={2}
          hint="Kept in the timeline, and told to those who were told. A source with a token hears that it is over."
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          maxLength={REASON_LENGTH_MAX - (chosen ? chosen.length + 2 : 0)}
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

/** The usual reasons: by arrow keys and Enter this takes a second. None is chosen before somebody did. */
function Reasons({ chosen, onChoose }: { chosen: string | null; onChoose: (reason: string) => void }) {
  return (
    <fieldset className="grid grid-cols-2 gap-x-4 max-md:grid-cols-1">
      <legend className="mb-1 text-s font-[550]">Why is it none?</legend>
      {declineReasons.map((reason, at) => (
        <label key={reason} className="flex min-h-9 items-center gap-2 max-md:min-h-11">
          <input
            type="radio"
            name="chosen"
            // biome-ignore lint/a11y/noAutofocus: whoever declines by keyboard goes on here.
            autoFocus={at === 0}
            checked={chosen === reason}
            onChange={() => onChoose(reason)}
            className="size-4 accent-accent"
          />
          {reason}
        </label>
      ))}
    </fieldset>
  );
}
