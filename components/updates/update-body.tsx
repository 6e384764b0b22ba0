"use client";

import { fieldProblem } from "#/components/api/client.ts";
import { TextEditor } from "#/components/realtime/room/text-editor.tsx";
import { controlClass } from "#/components/ui/field.tsx";
import { UPDATE_BODY_LENGTH_MAX } from "#/server/updates/shared/lists.ts";
import type { Draft } from "./use-draft.ts";

const LABEL = "Update text";
const HINT = "Who is affected, what still works, what you are doing";

/** The text of the update, written together. While the shared draft is away it is a plain field of one's own. */
export function UpdateBody({ draft, problem }: { draft: Draft; problem: unknown }) {
  const { document } = draft;
  const wrong = fieldProblem(problem, "/body");
  const left = UPDATE_BODY_LENGTH_MAX - draft.body.length;
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <span aria-hidden="true" className="text-s font-[550]">
        What should people know?
      </span>
      {draft.isShared && document ? (
        <TextEditor
          text={document.doc.getText("text")}
          awareness={document.awareness}
          label={LABEL}
          placeholder={HINT}
          hasFocus
          className="min-h-32 rounded-md border border-line-strong bg-bg px-3 py-2.5 leading-relaxed has-[.cm-focused]:outline-2 has-[.cm-focused]:outline-offset-2 has-[.cm-focused]:outline-focus"
        />
      ) : (
        <textarea
          aria-label={LABEL}
          placeholder={HINT}
          rows={5}
          value={draft.body}
          onChange={(event) => draft.setBody(event.target.value)}
          className={`${controlClass} min-h-32 py-2.5`}
        />
      )}
      {wrong && <p className="text-s text-bad">! {wrong}</p>}
      {left < 500 && (
        <p className={left < 0 ? "text-s text-bad" : "text-s text-muted"}>
          {left < 0 ? `${-left} characters too long` : `${left} characters left`}
        </p>
      )}
    </div>
  );
}
