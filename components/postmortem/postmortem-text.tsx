"use client";

import type { Ref } from "react";
import { useSharedDocument } from "#/components/realtime/documents/use-shared-document.ts";
import type { FileView } from "#/server/files/contract.ts";
import type { EditorHandle } from "./editor-handle.ts";
import { PostmortemEditor } from "./postmortem-editor.tsx";

type Props = {
  incidentId: string;
  me: { id: string; name: string };
  isWritable: boolean;
  files: readonly FileView[];
  handle: Ref<EditorHandle>;
};

/** Connects to the shared text and shows it as soon as it is here. */
export function PostmortemText({ incidentId, me, isWritable, files, handle }: Props) {
  const shared = useSharedDocument(`incidents/${incidentId}/postmortem`);
  if (shared?.closeCode) return <p className="text-s text-muted">The text is closed here.</p>;
  if (!shared?.isSynced) return <p className="text-s text-muted">Opening the text…</p>;
  return (
    <PostmortemEditor
      key={shared.doc.guid}
      doc={shared.doc}
      awareness={shared.awareness}
      me={me}
      incidentId={incidentId}
      files={files}
      isWritable={isWritable && shared.canWrite !== false}
      handle={handle}
    />
  );
}
