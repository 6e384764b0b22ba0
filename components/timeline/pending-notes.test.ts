import { expect, test } from "vitest";
import { newNoteId } from "./pending-notes.ts";

test("the id of a new note is a lower-case UUID v4, and never the same", () => {
  const ids = Array.from({ length: 100 }, newNoteId);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(ids).size).toBe(ids.length);
});
