import { describe, expect, test } from "vitest";
import { fileName, requireFileSize, requireRoomFor } from "./rules.ts";
import { fileMarkdown, fileOfPath, filePath } from "./shared/file-link.ts";
import {
  FILE_BYTES_MAX,
  FILE_NAME_LENGTH_MAX,
  FILES_BYTES_PER_INCIDENT_MAX,
  FILES_PER_INCIDENT_MAX,
} from "./shared/lists.ts";
import { sniff } from "./sniff.ts";

const text = (value: string) => new Uint8Array(Buffer.from(value));
const hex = (value: string) => new Uint8Array(Buffer.from(value.replaceAll(" ", ""), "hex"));
const PNG = hex("89504e470d0a1a0a 0000000d 49484452 00000320 00000258 0806000000");

describe("what a file is, by its bytes", () => {
  test.each([
    ["a PNG", PNG, "image/png"],
    ["a JPEG", hex("ffd8ffe000104a46494600"), "image/jpeg"],
    ["an old GIF", text("GIF87a\x10\x00\x10\x00"), "image/gif"],
    ["a GIF", text("GIF89a\x10\x00\x10\x00"), "image/gif"],
    ["a WebP", text("RIFF\x10\x00\x00\x00WEBPVP8 "), "image/webp"],
    ["another RIFF", text("RIFF\x10\x00\x00\x00WAVEfmt "), "application/octet-stream"],
    ["a PDF", text("%PDF-1.7\n1 0 obj"), "application/pdf"],
    ["a ZIP", hex("504b0304 1400"), "application/zip"],
    ["a gzip", hex("1f8b0800"), "application/gzip"],
    ["a log", text("10:02:11 ERROR pool exhausted\n10:02:12 WARN retry\n"), "text/plain"],
    ["a coloured log", text("\x1b[31mERROR\x1b[0m pool\r\n"), "text/plain"],
    ["JSON", text('{"a": [1, 2]}'), "text/plain"],
    ["CSV", text("at,ms\n10:02,412\n"), "text/plain"],
    ["a syslog line", text("<134>Oct 11 22:14:15 host app: hello"), "text/plain"],
    ["a log with a torn character", hex("6f6b20 c3"), "text/plain"],
    ["a log that quotes markup", text("got <html><script>alert(1)</script>"), "text/plain"],
    ["HTML", text("<!doctype html><p>hi"), "text/html"],
    ["HTML after space and comment", text("\ufeff \n<!-- x --><script>alert(1)</script>"), "text/html"],
    ["SVG", text('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'), "image/svg+xml"],
    ["SVG after a declaration", text('<?xml version="1.0"?>\n<!-- x -->\n<svg/>'), "image/svg+xml"],
    ["XHTML", text('<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>'), "text/html"],
    ["XML", text('<?xml version="1.0"?><a/>'), "application/xml"],
    ["bytes", hex("00010203"), "application/octet-stream"],
    ["HTML hidden in a PNG", Buffer.concat([PNG, text("<script>alert(1)</script>")]), "image/png"],
    ["a PNG hidden in HTML", Buffer.concat([text("<script>alert(1)</script>"), PNG]), "application/octet-stream"],
    ["a GIF that is a script", text("GIF89a=1;alert(1)//"), "image/gif"],
    ["a PNG without its first byte", PNG.subarray(1), "application/octet-stream"],
  ])("%s", (_name, bytes, type) => {
    expect(sniff(bytes).type).toBe(type);
  });

  test.each([
    ["PNG", PNG, [800, 600]],
    ["GIF", text("GIF89a\x20\x03\x58\x02"), [800, 600]],
    ["JPEG", hex("ffd8 ffe00010 4a46494600010100000100010000 ffc0 0011 08 0258 0320 03"), [800, 600]],
    ["WebP, lossy", hex("52494646 00000000 57454250 56503820 00000000 000000 9d012a 2003 5802"), [800, 600]],
    ["WebP, lossless", hex("52494646 00000000 57454250 5650384c 00000000 2f 1fc39500"), [800, 600]],
    ["WebP, extended", hex("52494646 00000000 57454250 56503858 0a000000 00000000 1f0300 570200"), [800, 600]],
    ["a cut header", PNG.subarray(0, 20), [null, null]],
    ["no pixels", hex("89504e470d0a1a0a 0000000d 49484452 00000000 00000258"), [null, null]],
    ["too many pixels", hex("89504e470d0a1a0a 0000000d 49484452 7fffffff 00000258"), [null, null]],
    ["a JPEG that never ends", hex(`ffd8 ${"ffe00000".repeat(1_000)}`), [null, null]],
  ])("the size of an image: %s", (_name, bytes, [width, height]) => {
    expect(sniff(bytes)).toMatchObject({ width, height });
  });
});

describe("a file's name", () => {
  test.each([
    ["shot.png", "shot.png"],
    ["../../etc/passwd", "passwd"],
    ["C:\\logs\\app.log", "app.log"],
    ["a\u0000b\nc.log", "abc.log"],
    ["invoice\u202egpj.exe", "invoicegpj.exe"],
    ["  spaced.log ", "spaced.log"],
    ["Störung 🔥.log", "Störung 🔥.log"],
    ["", "file"],
    ["..", "file"],
    ["logs/", "file"],
  ])("%j becomes %j", (given, name) => {
    expect(fileName(given)).toBe(name);
  });

  test("has a limit", () => {
    expect(fileName("x".repeat(FILE_NAME_LENGTH_MAX))).toHaveLength(FILE_NAME_LENGTH_MAX);
    expect(() => fileName("x".repeat(FILE_NAME_LENGTH_MAX + 1))).toThrow("at most 255 characters");
  });
});

describe("limits", () => {
  test("of one file", () => {
    expect(() => requireFileSize(0)).toThrow("empty");
    requireFileSize(1);
    requireFileSize(FILE_BYTES_MAX);
    expect(() => requireFileSize(FILE_BYTES_MAX + 1)).toThrow("at most 10 MiB");
  });

  test("of an incident", () => {
    requireRoomFor(1, { count: FILES_PER_INCIDENT_MAX - 1, bytes: 0 });
    expect(() => requireRoomFor(1, { count: FILES_PER_INCIDENT_MAX, bytes: 0 })).toThrow("at most 200 files");
    requireRoomFor(7, { count: 0, bytes: FILES_BYTES_PER_INCIDENT_MAX - 7 });
    expect(() => requireRoomFor(8, { count: 0, bytes: FILES_BYTES_PER_INCIDENT_MAX - 7 })).toThrow("at most 200 MiB");
  });
});

describe("links", () => {
  const [incidentId, fileId] = ["0b8f2f0e-1111-4111-8111-111111111111", "0b8f2f0e-2222-4222-8222-222222222222"];
  const url = filePath(incidentId, fileId);

  test("name their file, and nothing else does", () => {
    expect(fileOfPath(url)).toEqual({ incidentId, fileId });
    for (const other of [`https://e.com${url}`, `${url}?x`, `/${url}`, `${url}/..`, url.toUpperCase(), "", null]) {
      expect(fileOfPath(other)).toBeNull();
    }
  });

  test("images are shown, others linked, and names are only names", () => {
    expect(fileMarkdown({ name: "shot.png", type: "image/png", url })).toBe(`![shot.png](${url})`);
    expect(fileMarkdown({ name: "a](x).log", type: "text/plain", url })).toBe(`[a\\](x).log](${url})`);
    expect(fileMarkdown({ name: "x.svg", type: "image/svg+xml", url })).toBe(`[x.svg](${url})`);
  });
});
