"use client";

import { useEffect, useState, useSyncExternalStore } from "react";
import { api, problemText } from "#/components/api/client.ts";
import { toast } from "#/components/ui/toasts.tsx";
import { uploadFile } from "./upload-file.ts";
import { UploadQueue, type UploadRow } from "./upload-queue.ts";

const none: readonly UploadRow[] = [];

/** The uploads into one text of an incident, and what there is to say of them. */
export function useUploads(incidentId: string): { queue: UploadQueue; rows: readonly UploadRow[] } {
  const [queue] = useState(
    () =>
      new UploadQueue({
        send: (upload) => uploadFile({ incidentId, ...upload }),
        remove: (file) => api.delete(file.url),
        problemText,
      }),
  );
  useEffect(() => {
    queue.onFailed = () => {};
    return () => {
      // Nobody sees the row any more.
      queue.onFailed = ({ name, problem }) => toast(`${name} was not attached. ${problem}`, "bad");
    };
  }, [queue]);
  const rows = useSyncExternalStore(queue.subscribe, queue.rows, () => none);
  return { queue, rows };
}
