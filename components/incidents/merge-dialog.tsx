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
import { likelyTarget, type MergeTarget, mergeTargets, withSuggestions } from "./list-rules.ts";
import { SeverityMark } from "./severity.tsx";
import { statusWords } from "./words.ts";

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
      {targets && targets.length > 0 && <Targets targets={targets} into={into} onChoose={setInto} />}
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

type TargetsProps = { targets: readonly MergeTarget[]; into: string | null; onChoose: (reference: string) => void };

function Targets({ targets, into, onChoose }: TargetsProps) {
  return (
    <fieldset className="max-h-[50vh] min-w-0 overflow-auto rounded-md border border-line-strong">
      <legend className="sr-only">Open incidents</legend>
      {targets.map(({ target, reasons }, index) => (
        <label
          key={target.id}
          className="grid grid-cols-[auto_64px_1fr] items-center gap-x-3 border-t border-line px-3 py-2 first:border-t-0 has-checked:bg-raised"
        >
          <input
            type="radio"
            name="into"
            // biome-ignore lint/a11y/noAutofocus: the list came after the dialog opened; whoever decides by keyboard goes on here.
            autoFocus={into ? into === target.reference : index === 0}
            checked={into === target.reference}
            onChange={() => onChoose(target.reference)}
            className="size-4 accent-accent"
          />
          <SeverityMark severity={target.severity} />
          <span className="min-w-0">
            <span className="block truncate font-[550]">{target.title}</span>
            <span className="text-s text-muted">
              {target.reference} · {statusWords[target.status]}
            </span>
            {reasons && <span className="block text-s text-accent wrap-anywhere">Alike: {reasons.join(" · ")}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
