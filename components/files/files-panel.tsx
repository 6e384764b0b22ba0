"use client";

import { useState } from "react";
import { api } from "#/components/api/client.ts";
import { useFiles, useMe } from "#/components/realtime/room/room-provider.tsx";
import { Panel } from "#/components/room/panel.tsx";
import { useAct } from "#/components/room/use-act.ts";
import { Button, IconButton } from "#/components/ui/button.tsx";
import { Dialog, DialogActions } from "#/components/ui/dialog.tsx";
import { Time } from "#/components/ui/time.tsx";
import type { FileView } from "#/server/files/contract.ts";
import { isImage } from "#/server/files/shared/file-link.ts";
import { fileSize } from "./file-size.ts";

/** Every file of the incident, also those that no note shows any more. Nothing while there is none. */
export function FilesPanel({ className }: { className?: string | undefined }) {
  const files = useFiles();
  if (files.length === 0) return null;
  return (
    <Panel name="Files" className={className} count={files.length}>
      <ul>
        {files.map((file) => (
          <FileRow key={file.id} file={file} />
        ))}
      </ul>
    </Panel>
  );
}

function FileRow({ file }: { file: FileView }) {
  const me = useMe();
  const [isAsking, setAsking] = useState(false);
  const canRemove = me.canWrite && (file.addedBy.id === me.id || me.isAdmin);
  return (
    <li className="flex items-center gap-2 border-b border-line py-1 text-s">
      <span aria-hidden="true" className="w-3.5 text-center text-[11px] text-muted">
        {isImage(file.type) ? "▣" : "≡"}
      </span>
      <span className="min-w-0 grow">
        <a
          href={file.url}
          target="_blank"
          rel="noopener noreferrer"
          className="block truncate text-accent underline max-[900px]:py-1.5"
        >
          {file.name}
        </a>
        <span className="block truncate text-xs text-muted">
          {fileSize(file.size)} · {file.addedBy.name} · <Time at={file.createdAt} />
        </span>
      </span>
      {canRemove && (
        <IconButton label={`Remove ${file.name}`} className="size-7" onClick={() => setAsking(true)}>
          ✕
        </IconButton>
      )}
      <RemoveDialog file={file} isOpen={isAsking} onClose={() => setAsking(false)} />
    </li>
  );
}

function RemoveDialog({ file, isOpen, onClose }: { file: FileView; isOpen: boolean; onClose: () => void }) {
  const { act, isPending } = useAct();
  async function remove(): Promise<void> {
    await act(() => api.delete(file.url));
    onClose();
  }
  return (
    <Dialog title="Remove this file?" isOpen={isOpen} onClose={onClose}>
      <p className="text-muted wrap-anywhere">
        <b className="text-text">{file.name}</b> goes for everyone and does not come back. Notes that show it say that
        it was removed.
      </p>
      <DialogActions>
        <Button onClick={onClose}>Keep it</Button>
        <Button variant="danger" isPending={isPending} onClick={remove}>
          Remove file
        </Button>
      </DialogActions>
    </Dialog>
  );
}
