import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pageFiles } from "./page-files.ts";

const build = mkdtempSync(join(tmpdir(), "muster-build-"));
const SCRIPT = `console.log("${"muster ".repeat(500)}")`;
let url: string;
let stop: () => void;

beforeAll(async () => {
  mkdirSync(join(build, "static/chunks"), { recursive: true });
  writeFileSync(join(build, "static/chunks/a.js"), SCRIPT);
  writeFileSync(join(build, "static/chunks/tiny.js"), "1");
  writeFileSync(join(build, "static/chunks/a.js.map"), SCRIPT);
  const { compressBuild } = await import(new URL("../scripts/bootstrap/compress.mjs", import.meta.url).href);
  await compressBuild(build);
  const files = pageFiles(join(build, "static"));
  const listener: RequestListener = (request, response) => {
    if (!files.send(request.url ?? "", request, response)) response.writeHead(404).end("next");
  };
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/_next/static/chunks`;
  stop = () => server.close();
});
afterAll(() => {
  stop();
  rmSync(build, { recursive: true, force: true });
});

const get = (name: string, encoding = "gzip, br", method = "GET") =>
  fetch(`${url}/${name}`, { method, headers: { "accept-encoding": encoding } });

test("a script comes compressed, whole, and for ever", async () => {
  const answer = await get("a.js");
  expect(await answer.text()).toBe(SCRIPT);
  expect(answer.headers.get("content-encoding")).toBe("br");
  expect(answer.headers.get("cache-control")).toContain("immutable");
  expect(answer.headers.get("content-type")).toContain("javascript");
  expect(Number(answer.headers.get("content-length"))).toBeLessThan(SCRIPT.length / 10);
  expect((await get("a.js", "br", "HEAD")).headers.get("content-encoding")).toBe("br");
});

test("what is not compressed, not asked for so, or not there is left to Next", async () => {
  expect((await get("a.js", "gzip")).status).toBe(404);
  expect((await get("a.js", "gzip, br;q=0")).status).toBe(404);
  expect((await get("a.js", "br;q=0.5")).status).toBe(200);
  for (const name of ["tiny.js", "a.js.map", "a.js.br", "../secret.js", "%2e%2e/a.js"]) {
    expect((await get(name)).status, name).toBe(404);
  }
  expect((await get("a.js", "br", "POST")).status).toBe(404);
});

test("without a build there is nothing to send", () => {
  expect(pageFiles(join(build, "nothing")).send("/_next/static/chunks/a.js", {} as never, {} as never)).toBe(false);
});
