import type { ComponentStatus } from "#/server/audience/shared/lists.ts";
import type { PublishUpdateInput, UpdateView } from "#/server/updates/contract.ts";
import type { DataLoss } from "#/server/updates/shared/lists.ts";
import { brokenComponents } from "./update-form.ts";

/** What is asked when an incident is resolved: how each touched component is now, and whether data was lost. */
export type ResolveAnswers = {
  components: { id: string; status: ComponentStatus }[];
  /** Null until somebody answered. */
  dataLost: DataLoss | null;
};

/** The answers before anybody gave them: what the incident broke is well again, and nobody said anything of data. Pure. */
export function openAnswers(updates: readonly UpdateView[]): ResolveAnswers {
  const onPage = updates.filter((update) => update.audience === "public" && update.channels.includes("status_page"));
  const touched = brokenComponents(onPage).map(({ id }) => ({ id, status: "operational" as const }));
  return { components: touched, dataLost: null };
}

/** An update with the answers, when it resolves; another one stays as it is. Pure. */
export function withAnswers<Input extends Pick<PublishUpdateInput, "status" | "audience" | "channels">>(
  input: Input,
  answers: ResolveAnswers,
): Input & Pick<PublishUpdateInput, "components" | "dataLost"> {
  if (input.status !== "resolved") return input;
  const isOnPage = input.audience !== "internal" && input.channels.includes("status_page");
  return {
    ...input,
    ...(isOnPage && answers.components.length > 0 && { components: answers.components }),
    ...(answers.dataLost && { dataLost: answers.dataLost }),
  };
}
