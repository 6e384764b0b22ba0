import { createReadStream, existsSync, readdirSync, statSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** What pages load besides themselves, as the build compressed it. */
export type PageFiles = {
  /** Answers a request for one of them by somebody who reads Brotli; false leaves it to Next. */
  send(path: string, request: IncomingMessage, response: ServerResponse): boolean;
};

const types: Record<string, string> = {
  ".js": "application/javascript; charset=UTF-8",
  ".css": "text/css; charset=UTF-8",
  ".svg": "image/svg+xml",
};
const buildFolder = fileURLToPath(new URL("../.next/static", import.meta.url));
const PREFIX = "/_next/static/";

function compressedFiles(folder: string): Map<string, { file: string; type: string; bytes: number }> {
  if (!existsSync(folder)) return new Map();
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".br"));
  return new Map(
    names.flatMap((name) => {
      const type = types[extname(name.slice(0, -".br".length))];
      const file = join(folder, name);
      const path = PREFIX + name.slice(0, -".br".length).split(sep).join("/");
      return type ? [[path, { file, type, bytes: statSync(file).size }] as const] : [];
    }),
  );
}

function readsBrotli(request: IncomingMessage): boolean {
  return String(request.headers["accept-encoding"] ?? "")
    .split(",")
    .some((each) => /^\s*br\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/.test(each));
}

/** The compressed files that lie beside the build's own at the start; none in development or before a build. */
export function pageFiles(folder = buildFolder): PageFiles {
  const files = compressedFiles(folder);
  return {
    send(path, request, response) {
      const found = files.get(path);
      if (!found || !readsBrotli(request) || (request.method !== "GET" && request.method !== "HEAD")) return false;
      response.writeHead(200, {
        "content-type": found.type,
        "content-encoding": "br",
        "content-length": found.bytes,
        // The name holds a hash of the content.
        "cache-control": "public, max-age=31536000, immutable",
        vary: "Accept-Encoding",
        "x-content-type-options": "nosniff",
      });
      if (request.method === "HEAD") {
        response.end();
        return true;
      }
      // A build that was replaced under a running server: the browser sees a broken answer and asks again.
      createReadStream(found.file)
        .on("error", () => response.destroy())
        .pipe(response);
      return true;
    },
  };
}
