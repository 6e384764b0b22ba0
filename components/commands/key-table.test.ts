import { describe, expect, it } from "vitest";
import { commands } from "./commands.ts";
import { isSingle, keysOf, keyTable, MOD, meaningOf } from "./key-table.ts";

describe("the keyboard map", () => {
  it("names only commands that there are", () => {
    const ids = new Set([...commands.map((command) => command.id), "claim-commander"]);
    for (const { act } of keyTable) if (act?.kind === "command") expect(ids).toContain(act.id);
  });

  it("gives each key one meaning in the room and outside", () => {
    for (const areas of [["Everywhere"], ["Everywhere", "Room"]] as const) {
      const rows = keyTable.filter((row) => row.act && (areas as readonly string[]).includes(row.area));
      const sequences = rows.map((row) => row.keys.join(" "));
      expect(new Set(sequences).size).toBe(sequences.length);
      // A key that begins a sequence would never be heard by itself.
      const firsts = rows.filter((row) => row.keys.length > 1).map((row) => row.keys[0]);
      for (const row of rows) if (row.keys.length === 1) expect(firsts).not.toContain(row.keys[0]);
    }
  });

  it.each([
    ["n", null, { act: { kind: "command", id: "note" } }],
    ["g", null, { waitsFor: "g" }],
    ["i", "g", { act: { kind: "go", href: "/incidents" } }],
    ["n", "g", null],
    ["x", null, null],
    ["Escape", null, null],
  ])("%j after %j", (key, before, meaning) => {
    expect(meaningOf(key, before, ["Everywhere", "Room"])).toEqual(meaning);
  });

  it("hears the room's keys in a room only", () => {
    expect(meaningOf("n", null, ["Everywhere"])).toBeNull();
  });

  it("never switches off the key with a modifier, and shows a command's keys", () => {
    expect(keyTable.filter((row) => row.keys[0] === `${MOD}+K`).map(isSingle)).toEqual([false]);
    expect(keysOf("task")).toEqual(["t"]);
    expect(keysOf("go-incidents")).toEqual(["g", "i"]);
    expect(keysOf("go-settings-people")).toBeNull();
  });
});
