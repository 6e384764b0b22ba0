"use client";

import { type FormEvent, useEffect, useRef, useState } from "react";
import { ApiProblem } from "#/components/api/client.ts";
import { ProblemBanner } from "#/components/api/problem-banner.tsx";
import { useRoom } from "#/components/realtime/room/room-provider.tsx";
import { Button } from "#/components/ui/button.tsx";
import { useNow } from "#/components/ui/clock.tsx";
import { offeredPause } from "#/server/updates/shared/cadence.ts";
import { fillTemplate } from "#/server/updates/shared/fill-template.ts";
import { type Channel, channels } from "#/server/updates/shared/lists.ts";
import { holdingTemplate } from "#/server/updates/shared/templates.ts";
import { PlanActs } from "./approval-acts.tsx";
import { useApprovalNeeded } from "./approval-needed.ts";
import { ChangedSince, useSeen } from "./changed-since.tsx";
import { ChannelChoice } from "./channel-choice.tsx";
import { ComponentChoice } from "./component-choice.tsx";
import { ComposerFoot, whyNotYet } from "./composer-foot.tsx";
import { ComposerHead } from "./composer-head.tsx";
import { LintList } from "./lint-list.tsx";
import { NamedAudiences } from "./named-audiences.tsx";
import { NextChoice } from "./next-choice.tsx";
import { openAnswers, type ResolveAnswers, withAnswers } from "./resolve-answers.ts";
import { ResolveQuestions } from "./resolve-questions.tsx";
import { StatusChoice } from "./status-choice.tsx";
import { TemplateChoice, useBoard } from "./template-choice.tsx";
import { UpdateBody } from "./update-body.tsx";
import { PublicTitle } from "./update-fields.tsx";
import { previewInput, publishInput, type UpdateForm } from "./update-form.ts";
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

type FieldsProps = {
  form: UpdateForm;
  draft: Draft;
  around: Surroundings;
  problem: unknown;
  answers: ResolveAnswers;
  onAnswers: (answers: ResolveAnswers) => void;
  onChange: (part: Partial<UpdateForm>) => void;
  onClear: () => void;
};

/** What is said, when people hear again, and who hears it. */
function Fields({ form, draft, around, problem, answers, onAnswers, onChange, onClear }: FieldsProps) {
  const { incident, updateRules } = useRoom().room;
  return (
    <>
      <StatusChoice value={form.status} incidentStatus={incident.status} onChange={(status) => onChange({ status })} />
      <TemplateChoice
        form={form}
        draft={draft}
        around={around}
        onStatus={(status) => onChange({ status })}
        onClear={onClear}
      />
      <UpdateBody draft={draft} problem={problem} />
      <LintList form={form} body={draft.body} dataLost={answers.dataLost} pageHost={globalThis.location?.host ?? ""} />
      <NextChoice form={form} usual={offeredPause(updateRules)} onChange={onChange} problem={problem} />
      <PublicTitle form={form} components={around.components} onChange={onChange} problem={problem} />
      <ComponentChoice form={form} components={around.components} onChange={onChange} />
      {form.status === "resolved" && form.audience === "public" && (
        <ResolveQuestions answers={answers} components={around.components} onChange={onAnswers} />
      )}
      <ChannelChoice form={form} all={channels} unavailable={around.unavailable} onChange={onChange} />
      <NamedAudiences
        audience={form.audience}
        components={form.components.map((each) => each.id)}
        byHand={form.byHand}
        onChange={(byHand) => onChange({ byHand })}
      />
    </>
  );
}

/** The sheet's content: fields at the left, what readers get at the right, the one press at the bottom. */
export function Composer({ text = "", isHolding = false, onClose }: Props) {
  const { incident, outlets, updates } = useRoom().room;
  const nowMs = useNow();
  const draft = useDraft(incident.id, text);
  const around = useSurroundings(outlets);
  const { form, change, restart, forget } = useUpdateForm();
  const { opened, now, look } = useSeen();
  const usable = { ...form, channels: form.channels.filter((each: Channel) => around.unavailable[each] === undefined) };
  const [answers, setAnswers] = useState(() => openAnswers(updates));
  const input = withAnswers(previewInput(usable, draft.body, nowMs), answers);
  const preview = usePreview(incident.id, input);
  const { publish, isPending, problem } = usePublish({ form: usable, answers, draft, seen: now, onPublished: onClose });
  const needed = useApprovalNeeded(form.audience);
  useHolding(isHolding, form, draft, around);

  function submit(event: FormEvent): void {
    event.preventDefault();
    void publish();
  }
  function goOn(): void {
    restart();
    look();
  }
  const isDisabled = whyNotYet(usable, draft.body) !== "";
  const isStale = problem instanceof ApiProblem && problem.status === 412;
  return (
    <form onSubmit={submit} className="flex min-h-0 grow flex-col">
      <ComposerHead draft={draft} />
      <div className="grid min-h-0 grow border-t border-line max-[900px]:block max-[900px]:overflow-y-auto min-[901px]:grid-cols-[minmax(0,1fr)_minmax(0,440px)]">
        <div className="flex min-w-0 flex-col gap-4 px-6 py-4 max-md:px-4 min-[901px]:overflow-y-auto">
          <ChangedSince opened={opened} now={now} onLook={goOn} />
          <Fields
            form={form}
            draft={draft}
            around={around}
            problem={problem}
            answers={answers}
            onAnswers={setAnswers}
            onChange={change}
            onClear={() => draft.replace("", "The draft is empty.", forget())}
          />
        </div>
        <div className="border-line bg-panel px-6 py-4 max-[900px]:border-t max-md:px-4 min-[901px]:overflow-y-auto min-[901px]:border-l">
          <UpdatePreview state={preview} form={form} body={draft.body} onChange={change} problem={problem} />
        </div>
      </div>
      <ComposerFoot
        form={usable}
        draft={draft}
        onClose={onClose}
        approval={needed.isNeeded ? needed.why : ""}
        acts={
          <PlanActs
            input={(at) => {
              const moment = { nowMs: at ?? nowMs, seen: now, isDraft: draft.isShared };
              return withAnswers(publishInput(usable, draft.body, moment), answers);
            }}
            audience={form.audience}
            isDisabled={isDisabled}
            onPlanned={() => {
              draft.takeOut(draft.body);
              onClose();
            }}
          >
            <Button type="submit" variant="primary" isPending={isPending} disabled={isDisabled}>
              Publish update
            </Button>
          </PlanActs>
        }
      >
        {isStale ? null : <ProblemBanner problem={problem} />}
      </ComposerFoot>
    </form>
  );
}
