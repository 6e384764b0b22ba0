import { isImage } from "#/server/files/shared/file-link.ts";
import type { FileType } from "#/server/files/shared/lists.ts";

type Served = { name: string; type: FileType; sizeBytes: number; sha256: string };

/** A name for a header: what is not plain ASCII goes into the second form alone (RFC 6266, RFC 5987). */
function disposition(kind: "inline" | "attachment", name: string): string {
  const plain = name.replace(/[^\x20-\x7e]/g, "_").replace(/["\\%]/g, "_");
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

/**
 * The headers under which a file may leave this origin without being able to act in its name: images of four kinds and
 * plain text are shown, everything else is saved, nothing is guessed, and what is opened runs no script. Pure.
 */
export function fileHeaders({ name, type, sizeBytes, sha256 }: Served) {
  const isText = type === "text/plain";
  const isShown = isImage(type) || isText;
  return {
    "content-type": isText ? "text/plain; charset=utf-8" : isShown ? type : "application/octet-stream",
    "content-length": String(sizeBytes),
    "content-disposition": disposition(isShown ? "inline" : "attachment", name),
    "content-security-policy": "sandbox; default-src 'none'",
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
    // Kept by the browser, asked about each time: rights end, and files are removed.
    "cache-control": "private, no-cache",
    etag: `"${sha256}"`,
  };
}
