import { expect, it } from "vitest";
import type { SearchHitView } from "#/server/search/contract.ts";
import { hitGroup } from "./palette-options.ts";

const incident = { id: "i", reference: "INC-7", title: "Checkout is slow" };
const hit = (kind: SearchHitView["kind"], change: Partial<SearchHitView> = {}): SearchHitView => ({
  kind,
  id: "x1",
  incident,
  at: "2026-11-21T10:00:00.000Z",
  title: "The pool",
  field: "body",
  excerpt: "the pool is full",
  matches: [{ start: 4, end: 8 }],
  ...change,
});

it.each([
  [hit("incident"), "/incidents/INC-7"],
  [hit("note"), "/incidents/INC-7#t=x1"],
  [hit("message"), "/incidents/INC-7?find=pool"],
  [hit("alert"), "/incidents/INC-7"],
  [hit("alert", { incident: null }), "/alerts?q=The%20pool"],
  [hit("maintenance", { incident: null }), "/maintenance/x1"],
])("a hit leads to where it is read: %#", (found, href) => {
  expect(hitGroup([found])[0]?.options[0]?.choice).toEqual({ kind: "go", href });
});
