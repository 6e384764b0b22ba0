"use client";

import { useEffect, useState } from "react";
import { api } from "#/components/api/client.ts";
import { ProblemBanner } from "#/components/api/problem-banner.tsx";
import { useSubmit } from "#/components/api/use-submit.ts";
import { Button } from "#/components/ui/button.tsx";
import { Dialog, DialogActions } from "#/components/ui/dialog.tsx";
import { Spinner } from "#/components/ui/spinner.tsx";
import { toast } from "#/components/ui/toasts.tsx";
import type { IncidentView } from "#/server/incidents/contract.ts";
import { openStatuses } from "#/server/incidents/shared/lists.ts";
import type { SuggestionView } from "#/server/triage/contract.ts";
import { IncidentChoice } from "./incident-choice.tsx";
import { likelyTarget, type MergeTarget, mergeTargets, withSuggestions } from "./list-rules.ts";

type Props = { incident: IncidentView; isOpen: boolean; onClose: () => void };

/** Puts an incident's alerts into another open one. It can be undone. */
export function MergeDialog({ incident, isOpen, onClose }: Props) {
  return (
    <Dialog title={`Merge ${incident.reference} into`} isOpen={isOpen} onClose={onClose}>
      <MergeForm incident={incident} onClose={onClose} />
    </Dialog>
  );
}

function MergeForm({ incident, onClose }: Omit<Props, "isOpen">) {
  const [targets, setTargets] = useState<MergeTarget[] | null>(null);
  const [into, setInto] = useState<string | null>(null);
  const load = useSubmit(async () => {
    const [open, alike] = await Promise.all([
      api.get<{ items: IncidentView[] }>(`/api/v1/incidents?status=${openStatuses.join(",")}&limit=200`),
      api.get<{ items: SuggestionView[] }>(`/api/v1/incidents/${incident.id}/suggestions`),
    ]);
    const found = withSuggestions(mergeTargets(incident, open.items), alike.items);
    setTargets(found);
    const [first] = found;
    const likely = first?.reasons
      ? first.target
      : likelyTarget(
          incident,
          found.map((each) => each.target),
        );
    setInto(likely?.reference ?? null);
  });
  const merge = useSubmit(async () => {
    if (!into) return;
    await api.post(`/api/v1/incidents/${incident.id}/merge`, { into });
    onClose();
    toast(`${incident.reference} merged into ${into}.`);
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: read once, when the dialog opens.
  useEffect(() => void load.run(), []);

  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void merge.run();
      }}
    >
      {!targets && !load.problem && (
        <p className="text-muted">
          <Spinner /> Looking for open incidents
        </p>
      )}
      {targets?.length === 0 && <p className="text-muted">There is no other open incident to merge into.</p>}
      {targets && targets.length > 0 && <IncidentChoice choices={targets} chosen={into} onChoose={setInto} />}
      <ProblemBanner problem={load.problem ?? merge.problem} />
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" isPending={merge.isPending} disabled={!into}>
          Merge
        </Button>
      </DialogActions>
    </form>
  );
}
