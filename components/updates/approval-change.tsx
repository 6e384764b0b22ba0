"use client";

import { type FormEvent, useState } from "react";
import { api, fieldProblem } from "#/components/api/client.ts";
import { ProblemBanner } from "#/components/api/problem-banner.tsx";
import { useSubmit } from "#/components/api/use-submit.ts";
import { Button } from "#/components/ui/button.tsx";
import { Dialog, DialogActions } from "#/components/ui/dialog.tsx";
import { Checkbox, Select, TextArea, TextField } from "#/components/ui/field.tsx";
import type { PlannedUpdateView } from "#/server/updates/planned/contract.ts";
import {
  PUBLIC_TITLE_LENGTH_MAX,
  UPDATE_BODY_LENGTH_MAX,
  type UpdateStatus,
  updateStatuses,
} from "#/server/updates/shared/lists.ts";
import { updateStatusWords } from "#/server/updates/shared/words.ts";
import { plannedPath } from "./approval-dialogs.tsx";
import { changedContent, isNewText, type PlannedTexts, textsOf } from "./planned-change.ts";
import { ScheduleField } from "./schedule-field.tsx";
import { WordingsFields } from "./wordings-fields.tsx";

type Props = { planned: PlannedUpdateView; onClose: () => void };

/** What the press does: asks, publishes, or keeps it waiting. Pure. */
function submitWords({ rule, state }: PlannedUpdateView, isTimed: boolean, isAskedAgain: boolean): string {
  if (rule !== "none" && isAskedAgain) return state === "waiting" ? "Save" : "Ask again";
  return isTimed ? "Schedule" : "Publish";
}

/** Changes the texts or the time of what waits. A new text is asked for anew, and says so. */
export function ChangePlannedDialog({ planned, onClose }: Props) {
  const [texts, setTexts] = useState(() => textsOf(planned));
  const [isTimed, setTimed] = useState(planned.publishAt !== null && planned.state !== "refused");
  const [at, setAt] = useState(planned.publishAt === null ? null : Date.parse(planned.publishAt));
  const { run, isPending, problem } = useSubmit(async () => {
    const publishAt = isTimed && at !== null ? new Date(at).toISOString() : null;
    await api.patch(plannedPath(planned), {
      ...changedContent(planned, texts),
      version: planned.version,
      ...(publishAt !== planned.publishAt && { publishAt }),
    });
    onClose();
  });
  const isAskedAgain = planned.state !== "scheduled" || isNewText(planned, texts);
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
        <TextFields
          texts={texts}
          onChange={(part) => setTexts({ ...texts, ...part })}
          problem={problem}
          hint={
            planned.rule !== "none" && isAskedAgain ? "A new text withdraws the approval and asks for it again." : ""
          }
          hasTitle={planned.audience === "public"}
        />
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

type TextsProps = {
  texts: PlannedTexts;
  onChange: (part: Partial<PlannedTexts>) => void;
  problem: unknown;
  hint: string;
  hasTitle: boolean;
};

function TextFields({ texts, onChange, problem, hint, hasTitle }: TextsProps) {
  const { body, wordings, status, title } = texts;
  const wrong = (pointer: string) =>
    fieldProblem(problem, `/update${pointer}`) ??
    fieldProblem(problem, `/correction${pointer}`) ??
    fieldProblem(problem, pointer);
  return (
    <>
      <TextArea
        label="Text"
        value={body}
        onChange={(event) => onChange({ body: event.target.value })}
        maxLength={UPDATE_BODY_LENGTH_MAX}
        error={wrong("/body")}
        hint={hint}
        required
        autoFocus
      />
      <WordingsFields
        wordings={wordings}
        onChange={(next) => onChange({ wordings: next })}
        wrong={wrong}
        hint="Left empty, it says the text."
      />
      {status && (
        <Select
          label="Status"
          value={status}
          onChange={(event) => onChange({ status: event.target.value as UpdateStatus })}
          error={wrong("/status")}
        >
          {updateStatuses.map((each) => (
            <option key={each} value={each}>
              {updateStatusWords[each]}
            </option>
          ))}
        </Select>
      )}
      {title !== null && hasTitle && (
        <TextField
          label="Public title"
          value={title}
          onChange={(event) => onChange({ title: event.target.value })}
          maxLength={PUBLIC_TITLE_LENGTH_MAX}
          error={wrong("/title")}
          hint="Left empty, it stays as it was last."
        />
      )}
    </>
  );
}
