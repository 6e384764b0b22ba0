"use client";

import { type FormEvent, useState } from "react";
import { api } from "#/components/api/client.ts";
import { ProblemBanner } from "#/components/api/problem-banner.tsx";
import { useSubmit } from "#/components/api/use-submit.ts";
import { Button } from "#/components/ui/button.tsx";
import { Dialog, DialogActions } from "#/components/ui/dialog.tsx";
import { TextField } from "#/components/ui/field.tsx";
import type { PersonView } from "#/server/incidents/contract.ts";
import { REASON_LENGTH_MAX } from "#/server/incidents/shared/lists.ts";

type Props = { path: string; role: string; holder: PersonView; onClose: () => void };

/** Takes a role from its holder; the reason stands in the timeline. */
export function TakeOverDialog({ path, role, holder, onClose }: Props) {
  const [reason, setReason] = useState("");
  const { run, isPending, problem } = useSubmit(async () => {
    await api.post(`${path}/take-over`, { reason });
    onClose();
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    void run();
  }
  return (
    <Dialog title={`Take over ${role}`} isOpen onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <p className="text-s text-muted">{holder.name} has it now. Everyone sees that you took over, and why.</p>
        <TextField
          label="Reason"
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          maxLength={REASON_LENGTH_MAX}
          required
          autoFocus
        />
        <ProblemBanner problem={problem} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" isPending={isPending}>
            Take over
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
