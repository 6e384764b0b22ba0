"use client";

import type { ReactNode } from "react";
import { Button } from "#/components/ui/button.tsx";
import { DialogActions } from "#/components/ui/dialog.tsx";
import { UPDATE_BODY_LENGTH_MAX } from "#/server/updates/shared/lists.ts";
import { audienceLooks } from "./audience-badge.tsx";
import { audiencesInput } from "./audience-words.ts";
import { sentChannels, type UpdateForm } from "./update-form.ts";
import type { Draft } from "./use-draft.ts";

type Props = {
  form: UpdateForm;
  draft: Draft;
  onClose: () => void;
  /** What went wrong, above the buttons. */
  children?: ReactNode;
  /** The ways on. */
  acts: ReactNode;
  /** Somebody has to approve it first, and who that is; empty when nobody has to. */
  approval: string;
};

/** Why nothing can be published yet, in words; empty when it can. Pure. */
export function whyNotYet(form: UpdateForm, body: string): string {
  if (body.trim() === "") return "Write what people should know.";
  if (body.trim().length > UPDATE_BODY_LENGTH_MAX) return "The text is too long.";
  const { audiences = [] } = audiencesInput(form.audience, form.byHand);
  return sentChannels(form).length + audiences.length === 0 ? "Choose a channel." : "";
}

/** The way out, always in reach of the thumb. */
export function ComposerFoot({ form, draft, onClose, children, acts, approval }: Props) {
  const why = whyNotYet(form, draft.body);
  const look = audienceLooks[form.audience];
  return (
    <footer className="flex flex-col gap-2 border-t border-line bg-panel px-6 py-3 pb-[max(12px,env(safe-area-inset-bottom))] max-md:px-4">
      {children}
      <div className="flex flex-wrap items-center justify-end gap-x-3 gap-y-2">
        <span className="mr-auto text-s text-muted">
          {why || approval || (
            <>
              <span aria-hidden="true">{look.sign} </span>
              {look.word}
              <span className="max-md:hidden">: {look.hint}</span>
            </>
          )}
        </span>
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          {acts}
        </DialogActions>
      </div>
    </footer>
  );
}
