"use client";

import { saveTexts } from "#/components/realtime/documents/save-status.tsx";
import { usePageEdits } from "#/components/realtime/documents/use-shared-document.ts";
import { useRoom } from "#/components/realtime/room/room-provider.tsx";
import { colourOf, useWriters, writersText } from "#/components/realtime/room/shared-text.ts";
import { Time } from "#/components/ui/time.tsx";
import { newestFirst } from "./update-form.ts";
import type { Draft } from "./use-draft.ts";

/** Which incident it is, who else writes here, where the text is, and when people heard last. */
export function ComposerHead({ draft }: { draft: Draft }) {
  const { incident, updates } = useRoom().room;
  const writers = useWriters(draft.document?.awareness ?? null).get("text") ?? [];
  const [last] = newestFirst(updates);
  return (
    <p className="px-6 pb-3 text-s text-muted max-md:px-4">
      <span className="font-mono font-semibold">{incident.reference}</span>
      <SaveWords isShared={draft.isShared} />
      {writers[0] && (
        <span aria-live="polite" className="font-[550]" style={{ color: colourOf(writers[0]) }}>
          {" "}
          · {writersText(writers, "writing")}
        </span>
      )}
      {last ? (
        <>
          {" "}
          · last published <Time at={last.publishedAt} />
        </>
      ) : (
        " · nothing was published yet"
      )}
    </p>
  );
}

/** The page's save state once more, where the room's own is covered; only the room's is read out. */
function SaveWords({ isShared }: { isShared: boolean }) {
  const { state } = usePageEdits();
  if (!isShared) return <span className="text-warn"> · only in this tab until the shared draft is here</span>;
  if (!state) return null;
  const isWell = state === "saved" || state === "saving";
  return (
    <span aria-hidden="true" className={isWell ? "" : "font-semibold text-warn"}>
      {" "}
      · draft {saveTexts[state].toLowerCase()}
    </span>
  );
}
