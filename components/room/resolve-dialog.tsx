"use client";

import { type FormEvent, useState } from "react";
import { api } from "#/components/api/client.ts";
import { ProblemBanner } from "#/components/api/problem-banner.tsx";
import { useSubmit } from "#/components/api/use-submit.ts";
import { useMe, useRoom } from "#/components/realtime/room/room-provider.tsx";
import { Button } from "#/components/ui/button.tsx";
import { Dialog, DialogActions } from "#/components/ui/dialog.tsx";
import { Checkbox, TextArea } from "#/components/ui/field.tsx";
import { toast } from "#/components/ui/toasts.tsx";
import { useApprovalNeeded } from "#/components/updates/approval-needed.ts";
import { openAnswers, withAnswers } from "#/components/updates/resolve-answers.ts";
import { whyNotPublishable } from "#/components/updates/update-form.ts";
import { PROSE_LENGTH_MAX } from "#/server/incidents/shared/lists.ts";
import { incidentPath } from "./incident-path.ts";
import { type PublicEnd, PublicEndFields } from "./public-end-fields.tsx";

type Props = { onClose: () => void };

/**
 * Asks what fixed it and resolves; what the page still tells of, it asks to end there too: at once, or by asking whoever
 * has to approve it.
 */
export function ResolveDialog({ onClose }: Props) {
  const { incident, publicStatus, told, updates } = useRoom().room;
  const { canWrite } = useMe();
  const [atSource, setAtSource] = useState(false);
  const [summary, setSummary] = useState("");
  const isPublic = publicStatus !== null && publicStatus !== "resolved";
  const canPublish = isPublic && canWrite && whyNotPublishable(incident) === null;
  const needed = useApprovalNeeded("public");
  const last = updates.find((update) => update.audience === "public" && update.channels.includes("status_page"));
  const [end, setEnd] = useState<PublicEnd>(() => ({
    isPublished: canPublish,
    body: "This incident is resolved.",
    channels: last?.channels ?? ["status_page"],
    answers: openAnswers(updates),
  }));
  const { run, isPending, problem } = useSubmit(async () => {
    await api.post(incidentPath(incident.id, "resolve"), { summary, ...(atSource && { atSource }) });
    if (end.isPublished) {
      const update = withAnswers({ status: "resolved", body: end.body, channels: end.channels }, end.answers);
      if (needed.isNeeded) {
        await api.post(incidentPath(incident.id, "planned-updates"), { update });
        toast("Resolved, and asked for approval. The room shows how it stands.");
      } else await api.post(incidentPath(incident.id, "updates"), update);
    }
    onClose();
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    void run();
  }
  return (
    <Dialog title={`Resolve ${incident.reference}`} isOpen onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextArea
          label="What fixed it?"
          value={summary}
          onChange={(event) => setSummary(event.target.value)}
          maxLength={PROSE_LENGTH_MAX}
          autoFocus
          hint={
            isPublic && !end.isPublished
              ? "The status page goes on saying otherwise until an update with the status Resolved is published."
              : "It stands in the timeline and starts the postmortem. It is not published."
          }
        />
        {canPublish && <PublicEndFields end={end} needed={needed} onChange={setEnd} />}
        {told.endable > 0 && (
          <Checkbox
            label="Also end its alerts at their source"
            hint={`${told.endable} not resolved yet. The source is told by its API; the room shows what came of it.`}
            checked={atSource}
            onChange={(event) => setAtSource(event.target.checked)}
          />
        )}
        <ProblemBanner problem={problem} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" isPending={isPending}>
            Resolve incident
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
