import { expect, it } from "vitest";
import type { PublishUpdateInput, UpdateView } from "#/server/updates/contract.ts";
import { openAnswers, withAnswers } from "./resolve-answers.ts";

function update(
  publishedAt: string,
  states: [string, "operational" | "partial_outage"][],
  internal = false,
): UpdateView {
  return {
    publishedAt,
    audience: internal ? "internal" : "public",
    channels: internal ? ["slack"] : ["status_page"],
    components: states.map(([id, newStatus]) => ({ id, name: id, oldStatus: "operational", newStatus })),
  } as UpdateView;
}

it("asks of what the page still shows as broken, and takes it to be well", () => {
  const said = [
    update("2026-11-21T10:00:00Z", [
      ["checkout", "partial_outage"],
      ["search", "partial_outage"],
    ]),
    update("2026-11-21T11:00:00Z", [["search", "operational"]]),
    update("2026-11-21T12:00:00Z", [["api", "partial_outage"]], true),
  ];
  expect(openAnswers(said)).toEqual({ components: [{ id: "checkout", status: "operational" }], dataLost: null });
});

it("adds the answers to what resolves on the page, and to nothing else", () => {
  const input: PublishUpdateInput = { status: "resolved", body: "Done.", channels: ["status_page"] };
  const answers = { components: [{ id: "checkout", status: "partial_outage" as const }], dataLost: "no" as const };
  expect(withAnswers(input, answers)).toEqual({ ...input, ...answers });
  expect(withAnswers({ ...input, channels: ["email"] }, answers)).toEqual({
    ...input,
    channels: ["email"],
    dataLost: "no",
  });
  expect(withAnswers({ ...input, status: "monitoring" }, answers)).toEqual({ ...input, status: "monitoring" });
  expect(withAnswers(input, { components: [], dataLost: null })).toEqual(input);
});
