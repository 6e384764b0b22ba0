import { afterAll, beforeAll, expect, it } from "vitest";
import { type TestDocuments, testDocuments } from "#/server/testing/test-documents.ts";
import { emptyDraft } from "./empty-draft.ts";

let test: TestDocuments;
let ada: Awaited<ReturnType<TestDocuments["person"]>>;
beforeAll(async () => {
  test = await testDocuments();
  ada = await test.person("Ada");
});
afterAll(() => test.close());

it.each([
  ["  Payments fail. \n", "Payments fail.", "", "what was published is gone"],
  ["Payments fail.\n\nAnd now refunds", "Payments fail.", "And now refunds", "what came behind it stays"],
  ["Payments work. We think", "Payments fail.", "Payments work. We think", "what was rewritten stays whole"],
  ["Payments fail.", "  ", "Payments fail.", "nothing published takes nothing out"],
])("%j after publishing %j is %j: %s", async (draft, published, left) => {
  const incidentId = await test.incident();
  const ctx = test.ctx(ada);
  const target = { incidentId, kind: "update" } as const;
  await test.documents.edit(ctx, target, (doc) => doc.getText("text").insert(0, draft));
  await emptyDraft(ctx, test.documents, incidentId, published);
  await emptyDraft(ctx, test.documents, incidentId, published);
  expect((await test.documents.read(incidentId, "update")).getText("text").toString()).toBe(left);
});

it("a draft that cannot be reached does not undo what is out", async () => {
  const away = { ...test.documents, edit: () => Promise.reject(new Error("away")) };
  await expect(emptyDraft(test.ctx(ada), away, await test.incident(), "text")).resolves.toBeUndefined();
});
