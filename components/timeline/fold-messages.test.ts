import { describe, expect, it } from "vitest";
import type { SlackMessageView } from "#/server/slack/contract.ts";
import { AT_END, foldMessages, foldWords } from "./fold-messages.ts";

const at = (minute: number) => `2026-11-21T10:${String(minute).padStart(2, "0")}:00.000Z`;
const said = (id: string, minute: number, name = "Ada", deleted = false): SlackMessageView => ({
  id,
  seq: 1,
  at: at(minute),
  author: { id: null, name },
  text: deleted ? "" : id,
  isReply: false,
  editedAt: null,
  deletedAt: deleted ? at(minute) : null,
  noteId: null,
});
const entries = [
  { id: "a", at: at(10) },
  { id: "b", at: at(20) },
];
const places = (messages: SlackMessageView[], hasEarlier = false) =>
  Object.fromEntries(
    [...foldMessages(entries, messages, hasEarlier)].map(([place, fold]) => [place, fold.map(({ id }) => id)]),
  );

describe("messages between entries", () => {
  it("stand where they were said, in their order", () => {
    expect(places([said("4", 30), said("2", 12), said("1", 5), said("3", 12), said("0", 10)])).toEqual({
      a: ["1"],
      b: ["0", "2", "3"],
      [AT_END]: ["4"],
    });
  });
  it("leave out what is older than the entries that are here", () => {
    expect(places([said("1", 5), said("2", 12)], true)).toEqual({ b: ["2"] });
  });
  it("leave out groups of deleted ones only", () => {
    expect(places([said("1", 5, "Ada", true), said("2", 12), said("3", 13, "Ada", true)])).toEqual({ b: ["2", "3"] });
  });
  it("without entries stand at the end", () => {
    expect([...foldMessages([], [said("1", 5)], false).keys()]).toEqual([AT_END]);
  });
  it.each([
    [[said("1", 1)], "1 message in Slack · Ada"],
    [[said("1", 1), said("2", 2, "Lin"), said("3", 3, "Lin", true)], "2 messages in Slack · Ada, Lin"],
    [["A", "B", "C", "D", "E"].map((name) => said(name, 1, name)), "5 messages in Slack · A, B, C +2"],
  ])("say whose they are (%#)", (messages, words) => expect(foldWords(messages)).toBe(words));
});
