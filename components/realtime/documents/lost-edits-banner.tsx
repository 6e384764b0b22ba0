"use client";

import { useSyncExternalStore } from "react";
import { Banner } from "#/components/ui/banner.tsx";
import { Button } from "#/components/ui/button.tsx";
import { CopyField } from "#/components/ui/copy-field.tsx";
import type { SharedDocument } from "./shared-document.ts";

const places: Record<string, string> = {
  notes: "The notes",
  summary: "The summary",
  update: "The draft of the update",
  postmortem: "The postmortem",
};

const reasons: Record<number, string> = {
  4401: "You were signed out.",
  4403: "You can no longer edit here.",
  4404: "You can no longer see this incident.",
  4409: "The text was replaced on the server.",
  4410: "You can no longer edit here.",
  4413: "What was written is too large to be stored.",
  4422: "The server refused an edit.",
};

/** Those that have nothing more to give: who is signed out or shown out reads why in the room's own words. */
const endsForGood: readonly (number | null)[] = [4401, 4403, 4404];

/** One document that ended: what was written in it and not saved, to be taken elsewhere, and a way to open it anew. */
export function LostEditsBanner({ document }: { document: SharedDocument }) {
  const view = () => document.view();
  const { lost, closeCode } = useSyncExternalStore((listener) => document.subscribe(listener), view, view);
  const kind = document.name.split("/").at(-1) ?? "";
  const canReload = closeCode !== null && !endsForGood.includes(closeCode);
  if (lost === null && !canReload) return null;
  return (
    <Banner tone="bad" isAlert title={reasons[closeCode ?? lost?.code ?? 0] ?? "The server ended the document."}>
      {lost
        ? `${places[kind] ?? "The text"}: this is what was not saved.`
        : `${places[kind] ?? "The text"} is closed here.`}
      {lost && (
        <div className="mt-2 max-h-40 overflow-auto">
          <CopyField label="Not saved" value={lost.text} isBlock />
        </div>
      )}
      <div className="mt-2 flex flex-wrap gap-2 max-[900px]:*:min-h-11">
        {canReload && (
          <Button size="s" onClick={() => document.reload()}>
            Reload this document
          </Button>
        )}
        {lost && (
          <Button size="s" variant="quiet" onClick={() => document.dismissLost()}>
            Discard what was not saved
          </Button>
        )}
      </div>
    </Banner>
  );
}
