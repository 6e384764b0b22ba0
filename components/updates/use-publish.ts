"use client";

import { api } from "#/components/api/client.ts";
import { useSubmit } from "#/components/api/use-submit.ts";
import { useRoom } from "#/components/realtime/room/room-provider.tsx";
import { incidentPath } from "#/components/room/incident-path.ts";
import { useNow } from "#/components/ui/clock.tsx";
import type { PublishUpdateInput, UpdateView } from "#/server/updates/contract.ts";
import { type ResolveAnswers, withAnswers } from "./resolve-answers.ts";
import { showSent } from "./sent-store.ts";
import { publishInput, type UpdateForm } from "./update-form.ts";
import type { Draft } from "./use-draft.ts";

type Publishing = {
  form: UpdateForm;
  answers: ResolveAnswers;
  draft: Draft;
  seen: PublishUpdateInput["seen"];
  onPublished: () => void;
};
type Publish = { publish: () => Promise<void>; isPending: boolean; problem: unknown };

/** The one press: publishes the draft, empties it, and lets the room show what becomes of it. */
export function usePublish({ form, answers, draft, seen, onPublished }: Publishing): Publish {
  const { incident } = useRoom().room;
  const nowMs = useNow();
  const { run, isPending, problem } = useSubmit(async () => {
    const input = withAnswers(publishInput(form, draft.body, { nowMs, seen, isDraft: draft.isShared }), answers);
    const update = await api.post<UpdateView>(incidentPath(incident.id, "updates"), input);
    draft.takeOut(draft.body);
    showSent(update.id);
    onPublished();
  });
  return { publish: () => run(), isPending, problem };
}
