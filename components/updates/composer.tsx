"use client";

import { type FormEvent, useEffect, useRef } from "react";
import { ApiProblem } from "#/components/api/client.ts";
import { ProblemBanner } from "#/components/api/problem-banner.tsx";
import { useRoom } from "#/components/realtime/room/room-provider.tsx";
import { useNow } from "#/components/ui/clock.tsx";
import { fillTemplate } from "#/server/updates/shared/fill-template.ts";
import { type Channel, channels } from "#/server/updates/shared/lists.ts";
import { holdingTemplate } from "#/server/updates/shared/templates.ts";
import { ChangedSince, useSeen } from "./changed-since.tsx";
import { ChannelChoice } from "./channel-choice.tsx";
import { ComponentChoice } from "./component-choice.tsx";
import { ComposerFoot } from "./composer-foot.tsx";
import { ComposerHead } from "./composer-head.tsx";
import { LintList } from "./lint-list.tsx";
import { NextChoice } from "./next-choice.tsx";
import { StatusChoice } from "./status-choice.tsx";
import { TemplateChoice, useBoard } from "./template-choice.tsx";
import { UpdateBody } from "./update-body.tsx";
import { PublicTitle } from "./update-fields.tsx";
import { previewInput, type UpdateForm } from "./update-form.ts";
import { UpdatePreview } from "./update-preview.tsx";
import { type Draft, useDraft } from "./use-draft.ts";
import { usePreview } from "./use-preview.ts";
import { usePublish } from "./use-publish.ts";
import { type Surroundings, useSurroundings } from "./use-surroundings.ts";
import { useUpdateForm } from "./use-update-form.ts";

type Props = { text?: string | undefined; isHolding?: boolean | undefined; onClose: () => void };

/** Puts the holding statement into a draft in which nobody has begun yet, once. */
function useHolding(isWanted: boolean, form: UpdateForm, draft: Draft, around: Surroundings): void {
  const { incident } = useRoom().room;
  const board = useBoard(form, around);
  const nowMs = useNow();
  const isDone = useRef(!isWanted);
  useEffect(() => {
    if (isDone.current || !draft.isShared || !around.isLoaded) return;
    isDone.current = true;
    const { body, name } = holdingTemplate(around.templates, incident.severity);
    if (draft.body.trim() === "") draft.replace(fillTemplate(body, board, new Date(nowMs)), name);
  });
}

/** The sheet's content: fields at the left, what readers get at the right, the one press at the bottom. */
export function Composer({ text = "", isHolding = false, onClose }: Props) {
  const { incident, outlets } = useRoom().room;
  const nowMs = useNow();
  const draft = useDraft(incident.id, text);
  const around = useSurroundings(outlets);
  const { form, change, restart, forget } = useUpdateForm();
  const { opened, now, look } = useSeen();
  const usable = { ...form, channels: form.channels.filter((each: Channel) => around.unavailable[each] === undefined) };
  const input = previewInput(usable, draft.body, nowMs);
  const preview = usePreview(incident.id, input);
  const { publish, isPending, problem } = usePublish({ form: usable, draft, seen: now, onPublished: onClose });
  useHolding(isHolding, form, draft, around);

  function submit(event: FormEvent): void {
    event.preventDefault();
    void publish();
  }
  function goOn(): void {
    restart();
    look();
  }
  const isStale = problem instanceof ApiProblem && problem.status === 412;
  return (
    <form onSubmit={submit} className="flex min-h-0 grow flex-col">
      <ComposerHead draft={draft} />
      <div className="grid min-h-0 grow border-t border-line max-[900px]:block max-[900px]:overflow-y-auto min-[901px]:grid-cols-[minmax(0,1fr)_minmax(0,440px)]">
        <div className="flex min-w-0 flex-col gap-4 px-6 py-4 max-md:px-4 min-[901px]:overflow-y-auto">
          <ChangedSince opened={opened} now={now} onLook={goOn} />
          <StatusChoice
            value={form.status}
            incidentStatus={incident.status}
            onChange={(status) => change({ status })}
          />
          <TemplateChoice
            form={form}
            draft={draft}
            around={around}
            onStatus={(status) => change({ status })}
            onClear={() => draft.replace("", "The draft is empty.", forget())}
          />
          <UpdateBody draft={draft} problem={problem} />
          <LintList form={form} body={draft.body} pageHost={globalThis.location?.host ?? ""} />
          <NextChoice form={form} severity={incident.severity} onChange={change} problem={problem} />
          <PublicTitle form={form} components={around.components} onChange={change} problem={problem} />
          <ComponentChoice form={form} components={around.components} onChange={change} />
          <ChannelChoice form={form} all={channels} unavailable={around.unavailable} onChange={change} />
        </div>
        <div className="border-line bg-panel px-6 py-4 max-[900px]:border-t max-md:px-4 min-[901px]:overflow-y-auto min-[901px]:border-l">
          <UpdatePreview
            sent={input.channels}
            state={preview}
            form={form}
            body={draft.body}
            onChange={change}
            problem={problem}
          />
        </div>
      </div>
      <ComposerFoot form={usable} draft={draft} isPending={isPending} onClose={onClose}>
        {isStale ? null : <ProblemBanner problem={problem} />}
      </ComposerFoot>
    </form>
  );
}
