"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { api } from "#/components/api/client.ts";
import { ProblemBanner } from "#/components/api/problem-banner.tsx";
import { useSubmit } from "#/components/api/use-submit.ts";
import { Button } from "#/components/ui/button.tsx";
import { Dialog, DialogActions } from "#/components/ui/dialog.tsx";
import type { IncidentView } from "#/server/incidents/contract.ts";
import type { Severity } from "#/server/incidents/shared/lists.ts";
import { SeverityChoice } from "./severity-choice.tsx";

type Props = { incident: IncidentView; isOpen: boolean; onClose: () => void };

/** Takes a triage incident on: the suggested severity is chosen already, so one press is enough. Then to its room. */
export function AcceptDialog({ incident, isOpen, onClose }: Props) {
  const router = useRouter();
  const [severity, setSeverity] = useState<Severity | null>(incident.severity ?? incident.suggestedSeverity);
  const accept = useSubmit(async () => {
    await api.post(`/api/v1/incidents/${incident.id}/accept`, severity ? { severity } : {});
    onClose();
    router.push(`/incidents/${incident.reference}`);
  });
  return (
    <Dialog title={`Accept ${incident.reference}`} isOpen={isOpen} onClose={onClose}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void accept.run();
        }}
      >
        <p className="text-s text-muted">{incident.title}</p>
        <SeverityChoice value={severity} onChange={setSeverity} suggested={incident.suggestedSeverity} />
        <ProblemBanner problem={accept.problem} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" isPending={accept.isPending}>
            Accept
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
