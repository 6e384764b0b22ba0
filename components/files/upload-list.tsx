"use client";

import { Button, IconButton } from "#/components/ui/button.tsx";
import { fileSize } from "./file-size.ts";
import type { UploadQueue, UploadRow } from "./upload-queue.ts";

type Props = { queue: UploadQueue; rows: readonly UploadRow[] };

/** What is on its way into a note, and what did not get there. */
export function UploadList({ queue, rows }: Props) {
  if (rows.length === 0) return null;
  return (
    <ul aria-label="Files on their way" className="my-1 flex flex-col gap-1 text-s">
      {rows.map((row) => (
        <UploadItem key={row.id} row={row} queue={queue} />
      ))}
    </ul>
  );
}

function UploadItem({ row, queue }: { row: UploadRow; queue: UploadQueue }) {
  const isUnderWay = row.state === "waiting" || row.state === "sending";
  return (
    <li className="flex flex-wrap items-center gap-x-2 rounded-sm bg-raised px-2 py-1">
      <span className="min-w-0 truncate">{row.name}</span>
      <span className="text-xs text-muted">{fileSize(row.size)}</span>
      {isUnderWay && (
        <progress
          aria-label={`Sending ${row.name}`}
          max={1}
          value={row.part}
          className="h-1.5 w-24 grow overflow-hidden rounded accent-accent"
        />
      )}
      {row.state === "failed" && (
        <span role="alert" className="grow text-bad">
          ! {row.problem}
        </span>
      )}
      {row.state === "done" && <span className="grow text-muted">✓ attached, with its first lines in the note</span>}
      <span className="ml-auto flex items-center gap-1 max-[900px]:*:min-h-11">
        {row.canBeText && (
          <Button size="s" variant="quiet" onClick={() => queue.pasteAsText(row.id)}>
            Paste as text instead
          </Button>
        )}
        {row.state === "failed" && row.canRetry && (
          <Button size="s" onClick={() => queue.retry(row.id)}>
            Retry
          </Button>
        )}
        <IconButton
          label={isUnderWay ? `Cancel ${row.name}` : `Close ${row.name}`}
          className="size-7"
          onClick={() => queue.dismiss(row.id)}
        >
          ✕
        </IconButton>
      </span>
    </li>
  );
}
