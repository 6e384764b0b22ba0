"use client";

import { useEffect, useState } from "react";
import { api } from "#/components/api/client.ts";
import { ProblemBanner } from "#/components/api/problem-banner.tsx";
import { useSubmit } from "#/components/api/use-submit.ts";
import { IncidentChoice } from "#/components/incidents/incident-choice.tsx";
import { Button } from "#/components/ui/button.tsx";
import { Dialog, DialogActions } from "#/components/ui/dialog.tsx";
import { Spinner } from "#/components/ui/spinner.tsx";
import type { AlertView } from "#/server/alerts/contract.ts";
import type { IncidentView } from "#/server/incidents/contract.ts";
import { openStatuses } from "#/server/incidents/shared/lists.ts";

type Props = { alert: AlertView; onClose: () => void; onAttach: (reference: string) => Promise<void> };

/** Chooses the open incident that an alert goes into; one of its own service is offered first. */
export function AttachDialog({ alert, onClose, onAttach }: Props) {
  const [open, setOpen] = useState<IncidentView[] | null>(null);
  const [into, setInto] = useState<string | null>(null);
  const load = useSubmit(async () => {
    const path = `/api/v1/incidents?status=${openStatuses.join(",")}&limit=200`;
    const { items } = await api.get<{ items: IncidentView[] }>(path);
    const isOfService = (incident: IncidentView) => incident.services.some(({ name }) => name === alert.service);
    const ordered = [...items].sort((a, b) => Number(isOfService(b)) - Number(isOfService(a)));
    setOpen(ordered);
    const [first] = ordered;
    setInto(first && isOfService(first) ? first.reference : null);
  });
  const attach = useSubmit(async () => {
    if (!into) return;
    await onAttach(into);
    onClose();
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: read once, when the dialog opens.
  useEffect(() => void load.run(), []);

  return (
    <Dialog title="Attach to an open incident" isOpen onClose={onClose}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void attach.run();
        }}
      >
        <p className="text-s text-muted wrap-anywhere">
          {alert.title}
          {alert.heldFor && ". What is held with it goes with it."}
        </p>
        {!open && !load.problem && (
          <p className="text-muted">
            <Spinner /> Looking for open incidents
          </p>
        )}
        {open?.length === 0 && <p className="text-muted">No incident is open.</p>}
        {open && open.length > 0 && (
          <IncidentChoice
            choices={open.map((target) => ({ target, reasons: null }))}
            chosen={into}
            onChoose={setInto}
          />
        )}
        <ProblemBanner problem={load.problem ?? attach.problem} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" isPending={attach.isPending} disabled={!into}>
            Attach
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
