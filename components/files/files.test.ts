import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import type { FileView } from "#/server/files/contract.ts";
import { FILE_BYTES_MAX } from "#/server/files/shared/lists.ts";
import { NOTE_BYTES_MAX } from "#/server/timeline/shared/lists.ts";
import { fileSize } from "./file-size.ts";
import { filesOf, isLog, logMarkdown, namedScreenshot, onOwnLines, PASTED_TEXT_BYTES_MAX } from "./pasted.ts";
import { type Follower, movedPosition, type Place, placeInField, placeInShared } from "./text-place.ts";
import type { Upload } from "./upload-file.ts";
import { SENT_AT_ONCE_MAX, TAKEN_AT_ONCE_MAX, UploadQueue } from "./upload-queue.ts";

const view = (name: string, type: FileView["type"] = "text/plain"): FileView => ({
  ...{ id: "f", name, type, size: 1, width: null, height: null, url: `/files/${name}` },
  ...{ addedBy: { id: null, name: "Ada" }, createdAt: "" },
});

describe("what is pasted", () => {
  test("text is a log above its limit, in bytes", () => {
    expect(isLog("x".repeat(PASTED_TEXT_BYTES_MAX))).toBe(false);
    expect(isLog("x".repeat(PASTED_TEXT_BYTES_MAX + 1))).toBe(true);
    expect(isLog("€".repeat(Math.floor(PASTED_TEXT_BYTES_MAX / 3)))).toBe(false);
    expect(isLog("€".repeat(Math.floor(PASTED_TEXT_BYTES_MAX / 3) + 1))).toBe(true);
  });

  test.each([
    ["a screenshot", { files: ["image.png"], types: ["Files"], text: "" }, 1],
    ["a file of the desktop, with its name", { files: ["a.log"], types: ["Files", "text/plain"], text: "a.log" }, 1],
    ["an image of a page", { files: ["image.png"], types: ["Files", "text/html"], text: "" }, 1],
    [
      "cells of a sheet, with their picture",
      { files: ["image.png"], types: ["Files", "text/html", "text/plain"], text: "1\t2" },
      0,
    ],
    ["text", { files: [], types: ["text/plain"], text: "hello" }, 0],
  ])("%s", (_what, { files, types, text }, count) => {
    const list = files.map((name) => new File(["x"], name));
    const transfer = {
      files: list as unknown as FileList,
      types,
      getData: (type: string) => (type === "text/plain" ? text : ""),
    };
    expect(filesOf(transfer)).toHaveLength(count);
  });

  test("a log leaves its first lines, in a fence that they cannot close", () => {
    const lines = Array.from({ length: 1_203 }, (_, n) => `line ${n}`);
    const markdown = logMarkdown(lines.join("\n"), view("a.log"));
    expect(markdown).toBe(`\`\`\`\n${lines.slice(0, 12).join("\n")}\n\`\`\`\n[a.log](/files/a.log) (1,203 lines)`);
    expect(logMarkdown("a\n```\nb", view("a.log"))).toMatch(/^````\na\n```\nb\n````\n/);
    expect(logMarkdown("x".repeat(60_000), view("a.log")).length).toBeLessThan(1_400);
  });

  test("screenshots get a name of their own", () => {
    const at = new Date("2026-11-21T10:02:03.456Z");
    expect(namedScreenshot(new File(["x"], "image.png"), at).name).toBe("screenshot 2026-11-21 10.02.03.png");
    expect(namedScreenshot(new File(["x"], "graph.png"), at).name).toBe("graph.png");
  });

  test("blocks stand on lines of their own", () => {
    expect(onOwnLines("", "B", "")).toBe("B\n");
    expect(onOwnLines("a", "B", "c")).toBe("\nB\n");
    expect(onOwnLines("a\n", "B", "\nc")).toBe("B");
  });

  test("sizes", () => {
    expect([1, 1023, 1024, 61_440, 1_048_575, 1_048_576, 1_468_006].map(fileSize)).toEqual([
      "1 B",
      "1023 B",
      "1 KB",
      "60 KB",
      "1024 KB",
      "1.0 MB",
      "1.4 MB",
    ]);
  });
});

describe("a place in a text", () => {
  test.each([
    ["typed before", 3, "abcdef", "XXabcdef", 5],
    ["typed behind", 3, "abcdef", "abcdefXX", 3],
    ["typed at it", 3, "abcdef", "abcXXdef", 3],
    ["deleted around it", 3, "abcdef", "af", 1],
    ["all deleted", 3, "abcdef", "", 0],
    ["the same letters", 2, "aaaa", "aaaaaa", 2],
  ])("%s", (_what, position, before, after, moved) => {
    expect(movedPosition(position, before, after)).toBe(moved);
  });

  function field(text: string) {
    const listeners = new Set<Follower>();
    const write: Follower = (next, put) => {
      state.text = next;
      for (const listener of listeners) listener(next, put);
    };
    const state = { text, listeners, write };
    const follow = (listener: Follower) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    };
    return { state, place: (at: number) => placeInField({ read: () => state.text, write, follow }, at) };
  }

  test("of this page: several, while somebody goes on typing", () => {
    const { state, place } = field("see: and more");
    const [one, two] = [place(4), place(4)];
    state.write("First, see: and more");
    one.put("![a](1)");
    expect(state.text).toBe("First, see:\n![a](1)\n and more");
    two.put("![b](2)");
    expect(state.text).toBe("First, see:\n![a](1)\n![b](2)\n and more");
    one.replace("as text");
    expect(state.text).toContain("as text");
    expect(state.text).not.toContain("![a](1)");
    one.end();
    two.end();
    expect(state.listeners.size).toBe(0);
  });

  test("of this page: the note was added meanwhile, so it goes into the next one", () => {
    const { state, place } = field("see ");
    const one = place(4);
    state.write("");
    one.put("![a](1)");
    expect(state.text).toBe("![a](1)\n");
  });

  test("of a shared text: others write, and nothing of theirs is lost", () => {
    const doc = new Y.Doc();
    const text = doc.getText("t");
    text.insert(0, "see: and more");
    const place = placeInShared(text, 4);
    text.insert(0, "First, ");
    place.put("![a](1)");
    expect(text.toString()).toBe("First, see:\n![a](1)\n and more");
    text.insert(0, "> ");
    place.replace("as text");
    expect(text.toString()).toBe("> First, see:as text and more");
    place.replace("again");
    expect(text.toString()).toContain("again");
  });
});

describe("the queue of uploads", () => {
  type Call = Omit<Upload, "incidentId"> & { done: (file: FileView) => void; fail: (error: Error) => void };
  function queueOf() {
    const calls: Call[] = [];
    const removed: string[] = [];
    const queue = new UploadQueue({
      send: (upload) =>
        new Promise<FileView>((done, fail) => {
          calls.push({ ...upload, done, fail });
          upload.signal.addEventListener("abort", () => fail(new DOMException("x", "AbortError")));
        }),
      remove: async (file) => void removed.push(file.name),
      problemText: (error) => (error as Error).message,
    });
    return { queue, calls, removed };
  }
  function placeOf() {
    const put: string[] = [];
    const place: Place = {
      put: (block) => put.push(block),
      replace: (text) => put.push(`text ${text.length}`),
      end() {},
    };
    return { put, place };
  }
  const turn = () => new Promise((resolve) => setTimeout(resolve, 0));
  const filesNamed = (count: number) => Array.from({ length: count }, (_, n) => new File(["x"], `${n}.png`));

  test("sends two at a time, in order, and twenty of a heap", async () => {
    const { queue, calls } = queueOf();
    const { put, place } = placeOf();
    queue.add(filesNamed(TAKEN_AT_ONCE_MAX + 1), () => place);
    expect(queue.rows()).toHaveLength(TAKEN_AT_ONCE_MAX);
    expect(calls).toHaveLength(SENT_AT_ONCE_MAX);
    calls[1]?.done(view("1.png", "image/png"));
    await turn();
    expect(calls).toHaveLength(SENT_AT_ONCE_MAX + 1);
    expect(put).toEqual(["![1.png](/files/1.png)"]);
    expect(queue.rows().map(({ name }) => name)).not.toContain("1.png");
  });

  test("a failed one is said, and retried with the same key", async () => {
    const { queue, calls } = queueOf();
    const { put, place } = placeOf();
    queue.add(filesNamed(1), () => place);
    calls[0]?.onProgress(0.5);
    expect(queue.rows()[0]).toMatchObject({ state: "sending", part: 0.5 });
    calls[0]?.fail(new Error("The server cannot be reached."));
    await turn();
    const [row] = queue.rows();
    expect(row).toMatchObject({ state: "failed", problem: "The server cannot be reached.", canRetry: true });
    queue.retry(row?.id ?? "");
    expect(calls[1]?.key).toBe(calls[0]?.key);
    calls[1]?.done(view("0.png", "image/png"));
    await turn();
    expect(put).toHaveLength(1);
    expect(queue.rows()).toEqual([]);
  });

  test("a cancelled one makes way, and is removed when it had arrived", async () => {
    const { queue, calls, removed } = queueOf();
    const { put, place } = placeOf();
    queue.add(filesNamed(3), () => place);
    calls[0]?.done(view("0.png", "image/png"));
    queue.dismiss(calls[0]?.key ?? "");
    queue.dismiss(calls[1]?.key ?? "");
    await turn();
    expect(calls).toHaveLength(3);
    expect(calls[1]?.signal.aborted).toBe(true);
    expect(put).toEqual([]);
    expect(removed).toEqual(["0.png"]);
  });

  test("what no try would change is said at once", () => {
    const { queue, calls } = queueOf();
    const { place } = placeOf();
    const large = { name: "dump", size: FILE_BYTES_MAX + 1 } as File;
    queue.add([new File([], "empty"), large, { name: "fits", size: FILE_BYTES_MAX } as File], () => place);
    expect(queue.rows().map(({ state, canRetry }) => [state, canRetry])).toEqual([
      ["failed", false],
      ["failed", false],
      ["sending", true],
    ]);
    expect(calls).toHaveLength(1);
  });

  test("a pasted log can become text again, before and after it is kept", async () => {
    const { queue, calls, removed } = queueOf();
    const { put, place } = placeOf();
    queue.addText("x".repeat(NOTE_BYTES_MAX), place, new Date());
    calls[0]?.done(view("pasted.log"));
    await turn();
    expect(queue.rows()[0]).toMatchObject({ state: "done", canBeText: true });
    queue.pasteAsText(calls[0]?.key ?? "");
    expect(put.at(-1)).toBe(`text ${NOTE_BYTES_MAX}`);
    await turn();
    expect(removed).toEqual(["pasted.log"]);
    queue.addText("x".repeat(9_000), place, new Date());
    queue.pasteAsText(calls[1]?.key ?? "");
    expect(put.at(-1)).toBe("text 9000");
    expect(calls[1]?.signal.aborted).toBe(true);
    queue.addText("x".repeat(NOTE_BYTES_MAX + 1), place, new Date());
    expect(queue.rows().at(-1)?.canBeText).toBe(false);
  });
});
