"use client";

import { type ClipboardEvent, type DragEvent, type ReactNode, type RefObject, useEffect, useRef } from "react";
import type * as Y from "yjs";
import { toast } from "#/components/ui/toasts.tsx";
import { AttachButton } from "./attach-button.tsx";
import { filesOf, isLog, namedScreenshot } from "./pasted.ts";
import { type Follower, type Place, placeInField, placeInShared } from "./text-place.ts";
import { UploadList } from "./upload-list.tsx";
import { TAKEN_AT_ONCE_MAX, type UploadQueue } from "./upload-queue.ts";
import { useUploads } from "./use-uploads.ts";

function add(queue: UploadQueue, files: readonly File[], placeOf: () => Place): void {
  if (files.length > TAKEN_AT_ONCE_MAX) toast(`Only the first ${TAKEN_AT_ONCE_MAX} files were taken.`, "bad");
  queue.add(files, placeOf);
}

/** Takes what was pasted or dropped when it is files or a log. False leaves it to the editor. */
function take(queue: UploadQueue, transfer: DataTransfer, placeOf: () => Place): boolean {
  const files = filesOf(transfer).map((file) => namedScreenshot(file, new Date()));
  if (files.length > 0) {
    add(queue, files, placeOf);
    return true;
  }
  const text = transfer.getData("text/plain");
  if (!isLog(text)) return false;
  queue.addText(text, placeOf(), new Date());
  return true;
}

type FieldProps = {
  incidentId: string;
  field: RefObject<HTMLTextAreaElement | null>;
  body: string;
  onChange: (next: string) => void;
};
type FieldAttach = {
  /** For the form around the field and the field itself. */
  zone: {
    onDrop: (event: DragEvent) => void;
    onDragOver: (event: DragEvent) => void;
    onPaste: (event: ClipboardEvent) => void;
  };
  button: ReactNode;
  list: ReactNode;
};

/** Files for a text that is still this page's own. */
export function useAttachToField({ incidentId, field, body, onChange }: FieldProps): FieldAttach {
  const { queue, rows } = useUploads(incidentId);
  const now = useRef({ body, onChange });
  const followers = useRef(new Set<Follower>());
  useEffect(() => {
    now.current.onChange = onChange;
    if (now.current.body === body) return;
    now.current.body = body;
    for (const follow of followers.current) follow(body);
  }, [body, onChange]);

  function write(next: string, put?: Parameters<Follower>[1]): void {
    now.current.body = next;
    for (const follow of followers.current) follow(next, put);
    now.current.onChange(next);
  }
  function placeOf(): Place {
    const element = field.current;
    const follow = (listener: Follower) => {
      followers.current.add(listener);
      return () => void followers.current.delete(listener);
    };
    const text = { read: () => now.current.body, write, follow };
    return placeInField(text, element?.selectionEnd ?? now.current.body.length);
  }
  function takeFrom(event: DragEvent | ClipboardEvent, transfer: DataTransfer | null): void {
    if (transfer && take(queue, transfer, placeOf)) event.preventDefault();
  }
  return {
    zone: {
      onDrop: (event) => takeFrom(event, event.dataTransfer),
      // Without this the browser leaves the room and shows the file.
      onDragOver: (event) => event.dataTransfer.types.includes("Files") && event.preventDefault(),
      onPaste: (event) => takeFrom(event, event.clipboardData),
    },
    button: <AttachButton onFiles={(files) => add(queue, files, placeOf)} />,
    list: <UploadList queue={queue} rows={rows} />,
  };
}

type TextAttach = {
  /** For the editor: what is pasted or dropped at a position of the text. */
  onTransfer: (transfer: DataTransfer, at: number) => boolean;
  button: ReactNode;
  list: ReactNode;
};

/** Files for a note that is open for writing. */
export function useAttachToText(incidentId: string, text: Y.Text): TextAttach {
  const { queue, rows } = useUploads(incidentId);
  return {
    onTransfer: (transfer, at) => take(queue, transfer, () => placeInShared(text, at)),
    button: <AttachButton onFiles={(files) => add(queue, files, () => placeInShared(text, text.length))} />,
    list: <UploadList queue={queue} rows={rows} />,
  };
}
