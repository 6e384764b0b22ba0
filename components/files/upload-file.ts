import { ApiProblem } from "#/components/api/client.ts";
import { incidentPath } from "#/components/room/incident-path.ts";
import type { FileView } from "#/server/files/contract.ts";

export type Upload = {
  incidentId: string;
  file: File;
  /** The same for each try of one upload, so that a file whose answer was lost is not kept twice. */
  key: string;
  signal: AbortSignal;
  /** How much is sent, from 0 to 1. */
  onProgress: (part: number) => void;
};

/** A form whose bytes are the same at each try: the browser's own draws a new boundary, which would make it another request. */
function formOf(file: File, boundary: string): Blob {
  const name = file.name.replace(/["\r\n]/g, (sign) => encodeURIComponent(sign));
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n`;
  return new Blob([head, file, `\r\n--${boundary}--\r\n`]);
}

function answerOf(request: XMLHttpRequest): FileView {
  const parsed = ((): unknown => {
    try {
      return JSON.parse(request.responseText);
    } catch {
      return {};
    }
  })();
  if (request.status === 201) return parsed as FileView;
  throw new ApiProblem(request.status, { title: `The server answered ${request.status}`, ...(parsed as object) });
}

/** Sends a file to an incident. @throws ApiProblem when it was refused or the server cannot be reached, AbortError when it was cancelled */
export function uploadFile({ incidentId, file, key, signal, onProgress }: Upload): Promise<FileView> {
  return new Promise((resolve, reject) => {
    // fetch tells nothing of how much is sent.
    const request = new XMLHttpRequest();
    const cancelled = () => reject(new DOMException("The upload was cancelled.", "AbortError"));
    if (signal.aborted) return cancelled();
    signal.addEventListener("abort", () => request.abort());
    request.open("POST", incidentPath(incidentId, "files"));
    request.setRequestHeader("content-type", `multipart/form-data; boundary=${key}`);
    request.setRequestHeader("idempotency-key", key);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onabort = cancelled;
    request.onerror = () =>
      reject(new ApiProblem(0, { title: "No connection", detail: "The server cannot be reached. Try again." }));
    request.onload = () => {
      try {
        resolve(answerOf(request));
      } catch (error) {
        reject(error);
      }
    };
    request.send(formOf(file, key));
  });
}
