"use client";

import { type FormEvent, useState } from "react";
import { api, fieldProblem } from "#/components/api/client.ts";
import { ProblemBanner } from "#/components/api/problem-banner.tsx";
import { useSubmit } from "#/components/api/use-submit.ts";
import { incidentPath } from "#/components/room/incident-path.ts";
import { Button } from "#/components/ui/button.tsx";
import { Dialog, DialogActions } from "#/components/ui/dialog.tsx";
import { Checkbox, TextArea } from "#/components/ui/field.tsx";
import { toast } from "#/components/ui/toasts.tsx";
import type { CorrectUpdateInput, UpdateView } from "#/server/updates/contract.ts";
import { UPDATE_BODY_LENGTH_MAX, type Wordings } from "#/server/updates/shared/lists.ts";
import { useApprovalNeeded } from "./approval-needed.ts";
import { WordingsFields } from "./wordings-fields.tsx";

/** Channels without words say what the others say. Pure. */
function filled(wordings: Wordings): Wordings {
  return Object.fromEntries(Object.entries(wordings).filter(([, text]) => text.trim() !== ""));
}

/** A correction passes approval by the same rule as what it corrects. */
async function askToCorrect(update: UpdateView, input: CorrectUpdateInput): Promise<void> {
  await api.post(incidentPath(update.incidentId, "planned-updates"), { correction: { ...input, updateId: update.id } });
  toast("Asked for approval. The room shows how it stands.");
}

type Props = { path: string; update: UpdateView; onClose: () => void };

/** Corrects what was published. Page and feeds say that it was; Slack is edited in place. */
export function CorrectDialog({ path, update, onClose }: Props) {
  const [body, setBody] = useState(update.body);
  const [wordings, setWordings] = useState(update.wordings);
  const [notify, setNotify] = useState(false);
  const needed = useApprovalNeeded(update.audience);
  const { run, isPending, problem } = useSubmit(async () => {
    const input: CorrectUpdateInput = { body: body.trim(), wordings: filled(wordings), notify };
    if (needed.isNeeded) await askToCorrect(update, input);
    else await api.patch(path, input);
    onClose();
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    void run();
  }
  return (
    <Dialog title="Correct this update" isOpen onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextArea
          label="Corrected text"
          value={body}
          onChange={(event) => setBody(event.target.value)}
          maxLength={UPDATE_BODY_LENGTH_MAX}
          error={fieldProblem(problem, "/body")}
          required
          autoFocus
          hint="The status page and the feeds mark it as corrected. A message in Slack is changed in place."
        />
        <WordingsFields
          wordings={wordings}
          onChange={setWordings}
          wrong={(pointer) => fieldProblem(problem, pointer)}
          hint="Left empty, it says the corrected text."
        />
        {update.channels.includes("email") && (
          <Checkbox
            label="Send the mail again"
            checked={notify}
            onChange={(event) => setNotify(event.target.checked)}
          />
        )}
        {needed.why && <p className="text-s text-muted">{needed.why}</p>}
        <ProblemBanner problem={problem} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" isPending={isPending}>
            {needed.isNeeded ? needed.ask : "Publish correction"}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
