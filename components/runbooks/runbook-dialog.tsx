"use client";

import { useEffect, useState } from "react";
import { api, problemText } from "#/components/api/client.ts";
import { incidentPath } from "#/components/room/incident-path.ts";
import { proseClass } from "#/components/timeline/note-body.tsx";
import { Banner } from "#/components/ui/banner.tsx";
import { Dialog, DialogActions } from "#/components/ui/dialog.tsx";
import { Spinner } from "#/components/ui/spinner.tsx";
import type { RunbookTextView, RunbookView } from "#/server/runbooks/contract.ts";
import { RUNBOOK_STEPS_MAX } from "#/server/runbooks/shared/lists.ts";
import { MakeTasks } from "./make-tasks.tsx";
import { OutsideLink } from "./outside-link.tsx";

type Props = { incidentId: string; runbook: RunbookView; onClose: () => void };

/** A runbook's text over the room, with what can be made of it. */
export function RunbookDialog({ incidentId, runbook, onClose }: Props) {
  const [text, setText] = useState<RunbookTextView | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let isGone = false;
    api
      .get<RunbookTextView>(incidentPath(incidentId, "runbooks", runbook.id))
      .then((read) => !isGone && setText(read))
      .catch((error: unknown) => !isGone && setProblem(problemText(error)));
    return () => {
      isGone = true;
    };
  }, [incidentId, runbook.id]);
  return (
    <Dialog title={`Runbook: ${runbook.title}`} isOpen isWide onClose={onClose}>
      {problem && (
        <Banner tone="bad" title="It could not be read.">
          {problem}
        </Banner>
      )}
      {!text && !problem && (
        <p className="flex items-center gap-2 text-s text-muted">
          <Spinner /> Reading the runbook…
        </p>
      )}
      {text && <RunbookText html={text.html} />}
      {text?.isCut && (
        <Banner tone="warn">Only its first {RUNBOOK_STEPS_MAX} steps become tasks. Split it to have more.</Banner>
      )}
      <DialogActions>
        {runbook.url && <OutsideLink url={runbook.url} />}
        <MakeTasks incidentId={incidentId} runbook={runbook} onMade={onClose} />
      </DialogActions>
    </Dialog>
  );
}

/** A link leads out of the text, not out of the room; a box is named for those who do not see it. */
function fitIntoRoom(text: HTMLElement | null): void {
  for (const link of text?.querySelectorAll("a") ?? []) link.target = "_blank";
  for (const box of text?.querySelectorAll("input") ?? []) {
    box.setAttribute("aria-label", box.checked ? "Done" : "To do");
  }
}

function RunbookText({ html }: { html: string }) {
  return (
    <div
      // A new text is a new element, with links and boxes of its own.
      key={html}
      ref={fitIntoRoom}
      className={`${proseClass} [&_.contains-task-list]:list-none [&_h1]:text-l [&_input]:mr-1.5 [&_input]:size-3.5 [&_input]:align-[-2px]`}
      // biome-ignore lint/security/noDangerouslySetInnerHtml: the server made it from Markdown through rehype-sanitize.
      dangerouslySetInnerHTML={{ __html: html }}
    />
  );
}
