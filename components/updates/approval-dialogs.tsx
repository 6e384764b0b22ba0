"use client";

import { type FormEvent, useState } from "react";
import { api, fieldProblem } from "#/components/api/client.ts";
import { ProblemBanner } from "#/components/api/problem-banner.tsx";
import { useSubmit } from "#/components/api/use-submit.ts";
import { incidentPath } from "#/components/room/incident-path.ts";
import { Button } from "#/components/ui/button.tsx";
import { Dialog, DialogActions } from "#/components/ui/dialog.tsx";
import { Checkbox, Select, TextArea } from "#/components/ui/field.tsx";
import { REASON_LENGTH_MAX } from "#/server/incidents/shared/lists.ts";
import type { PublishUpdateInput } from "#/server/updates/contract.ts";
import type { PlannedUpdateView } from "#/server/updates/planned/contract.ts";
import { UPDATE_BODY_LENGTH_MAX, type UpdateStatus, updateStatuses } from "#/server/updates/shared/lists.ts";
import { updateStatusWords } from "#/server/updates/shared/words.ts";
import { PlannedText } from "./approval-text.tsx";
import { ScheduleField } from "./schedule-field.tsx";

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

/** An update with another text and status; a resolved one leaves its components operational, so it names none. Pure. */
function updateWith(before: PublishUpdateInput, body: string, status: UpdateStatus): PublishUpdateInput {
  const { components, ...rest } = before;
  return { ...rest, body, status, ...(components && status !== "resolved" && { components }) };
}

/** What the press does: asks, publishes, or keeps it waiting. Pure. */
function submitWords({ rule, state }: PlannedUpdateView, isTimed: boolean, isAskedAgain: boolean): string {
  if (rule !== "none" && isAskedAgain) return state === "waiting" ? "Save" : "Ask again";
  return isTimed ? "Schedule" : "Publish";
}

/** Changes the text or the time of what waits. A new text is asked for anew, and says so. */
export function ChangePlannedDialog({ planned, onClose }: Props) {
  const [body, setBody] = useState(planned.body);
  const [status, setStatus] = useState(planned.update?.status);
  const [isTimed, setTimed] = useState(planned.publishAt !== null && planned.state !== "refused");
  const [at, setAt] = useState(planned.publishAt === null ? null : Date.parse(planned.publishAt));
  const { run, isPending, problem } = useSubmit(async () => {
    const text = body.trim();
    const content = planned.update
      ? { update: updateWith(planned.update, text, status ?? planned.update.status) }
      : { correction: { body: text, notify: planned.correction?.notify ?? false } };
    const publishAt = isTimed && at !== null ? new Date(at).toISOString() : null;
    const isSameTime = publishAt === planned.publishAt;
    await api.patch(plannedPath(planned), {
      ...content,
      version: planned.version,
      ...(!isSameTime && { publishAt }),
    });
    onClose();
  });
  const isNew = body.trim() !== planned.body || status !== planned.update?.status;
  const isAskedAgain = planned.state !== "scheduled" || isNew;
  const asks = planned.rule !== "none" && isAskedAgain;
  return (
    <Dialog
      title={planned.kind === "correction" ? "Change the correction" : "Change the update"}
      isOpen
      onClose={onClose}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void run();
        }}
      >
        {planned.reason && !planned.isBypassed && <p className="text-s text-muted wrap-anywhere">{planned.reason}</p>}
        <TextArea
          label="Text"
          value={body}
          onChange={(event) => setBody(event.target.value)}
          maxLength={UPDATE_BODY_LENGTH_MAX}
          error={fieldProblem(problem, "/update/body") ?? fieldProblem(problem, "/correction/body")}
          hint={asks ? "A new text withdraws the approval and asks for it again." : undefined}
          required
          autoFocus
        />
        {status && (
          <Select
            label="Status"
            value={status}
            onChange={(event) => setStatus(event.target.value as UpdateStatus)}
            error={fieldProblem(problem, "/update/status")}
          >
            {updateStatuses.map((each) => (
              <option key={each} value={each}>
                {updateStatusWords[each]}
              </option>
            ))}
          </Select>
        )}
        <Checkbox
          label="Publish at a time"
          checked={isTimed}
          onChange={(event) => setTimed(event.target.checked)}
          hint={isTimed ? "" : "Otherwise as soon as it may."}
        />
        {isTimed && <ScheduleField value={at} onChange={setAt} error={fieldProblem(problem, "/publishAt")} />}
        <ProblemBanner problem={problem} />
        <DialogActions>
          <Button onClick={onClose}>Back</Button>
          <Button type="submit" variant="primary" isPending={isPending} disabled={isTimed && at === null}>
            {submitWords(planned, isTimed, isAskedAgain)}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
