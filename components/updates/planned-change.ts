import type { PublishUpdateInput } from "#/server/updates/contract.ts";
import type { ChangePlannedInput, PlannedUpdateView } from "#/server/updates/planned/contract.ts";
import type { UpdateStatus, Wordings } from "#/server/updates/shared/lists.ts";

/** What can be changed of something that waits, in its dialog. */
export type PlannedTexts = {
  body: string;
  /** What channels say that have words of their own; empty: the text. */
  wordings: Wordings;
  /** Null for a correction, which keeps the update's. */
  status: UpdateStatus | null;
  /** Empty: the last one, or one made of the components. Null for a correction. */
  title: string | null;
};

export function textsOf({ body, update, correction }: PlannedUpdateView): PlannedTexts {
  return {
    body,
    wordings: update?.wordings ?? correction?.wordings ?? {},
    status: update?.status ?? null,
    title: update ? (update.title ?? "") : null,
  };
}

/** An update with another status. States of components, data and the next update are other questions at the end. Pure. */
function withStatus(before: PublishUpdateInput, status: UpdateStatus): PublishUpdateInput {
  if ((status === "resolved") === (before.status === "resolved")) return { ...before, status };
  const { components: _, dataLost: __, nextUpdateAt: ___, ...rest } = before;
  return { ...rest, status };
}

function withTexts<Content extends { body: string; wordings?: Wordings | undefined }>(
  before: Content,
  texts: PlannedTexts,
) {
  const { wordings: _, ...rest } = before;
  const body = texts.body.trim();
  const own = Object.entries(texts.wordings).flatMap(([channel, text]) => {
    const said = text.trim();
    return said && said !== body ? [[channel, said]] : [];
  });
  return { ...rest, body, ...(own.length > 0 && { wordings: Object.fromEntries(own) as Wordings }) };
}

/** Whether the texts say anything else than what waits. Pure. */
export function isNewText(planned: PlannedUpdateView, texts: PlannedTexts): boolean {
  const flat = ({ body, wordings, status, title }: PlannedTexts) =>
    JSON.stringify([body.trim(), wordings.slack?.trim(), wordings.email?.trim(), status, title?.trim()]);
  return flat(texts) !== flat(textsOf(planned));
}

/** What is sent for changed texts: everything that the dialog does not show stays as it was asked for. Pure. */
export function changedContent(
  planned: PlannedUpdateView,
  texts: PlannedTexts,
): Pick<ChangePlannedInput, "update" | "correction"> {
  if (!isNewText(planned, texts)) return {};
  if (planned.update) {
    const { title: _, ...rest } = withTexts(withStatus(planned.update, texts.status ?? planned.update.status), texts);
    const title = texts.title?.trim();
    return { update: { ...rest, ...(title && { title }) } };
  }
  if (!planned.correction) return {};
  const { updateId: _, ...correction } = planned.correction;
  return { correction: withTexts(correction, texts) };
}
