"use client";

import { type FormEvent, useState } from "react";
import { api } from "#/components/api/client.ts";
import { ProblemBanner } from "#/components/api/problem-banner.tsx";
import { useSubmit } from "#/components/api/use-submit.ts";
import { useRoom } from "#/components/realtime/room/room-provider.tsx";
import { colourOf, useWriters, writersText } from "#/components/realtime/room/shared-text.ts";
import { incidentPath } from "#/components/room/incident-path.ts";
import { Banner } from "#/components/ui/banner.tsx";
import { Button } from "#/components/ui/button.tsx";
import { useNow } from "#/components/ui/clock.tsx";
import { Dialog, DialogActions } from "#/components/ui/dialog.tsx";
import { Time } from "#/components/ui/time.tsx";
import { toast } from "#/components/ui/toasts.tsx";
import { type Channel, channels } from "#/server/updates/shared/lists.ts";
import { ChannelChoice } from "./channel-choice.tsx";
import { ComponentChoice } from "./component-choice.tsx";
import { openAnswers, withAnswers } from "./resolve-answers.ts";
import { ResolveQuestions } from "./resolve-questions.tsx";
import { StatusChoice } from "./status-choice.tsx";
import { UpdateBody } from "./update-body.tsx";
import { NextUpdateChoice, PublicTitle } from "./update-fields.tsx";
import { publishInput, startOf, type UpdateForm, whyNotPublishable } from "./update-form.ts";
import { UpdatePreview } from "./update-preview.tsx";
import { type Draft, useDraft } from "./use-draft.ts";
import { useSurroundings } from "./use-surroundings.ts";

const MINUTE_MS = 60_000;

type Props = {
  /** Joins the draft when the composer opens. */
  text?: string | undefined;
  onClose: () => void;
};

/** The composer: one text, one press, every channel, each with its preview. */
export function UpdateDialog({ text, onClose }: Props) {
  const { incident } = useRoom().room;
  const whyNot = whyNotPublishable(incident);
  return (
    <Dialog title="Update" isOpen isWide onClose={onClose}>
      {whyNot ? <Banner title="Not published.">{whyNot}</Banner> : <Composer text={text} onClose={onClose} />}
    </Dialog>
  );
}

/** Says who else writes here, and when people heard last. */
function Beside({ draft }: { draft: Draft }) {
  const { incident, updates } = useRoom().room;
  const writers = useWriters(draft.document?.awareness ?? null).get("text") ?? [];
  const last = updates
    .map((update) => update.publishedAt)
    .sort()
    .at(-1);
  return (
    <p className="-mt-3 text-s text-muted">
      {incident.reference}
      {writers[0] && <span style={{ color: colourOf(writers[0]) }}> · {writersText(writers, "writing")}</span>}
      {last && (
        <>
          {" "}
          · last published <Time at={last} />
        </>
      )}
    </p>
  );
}

function Composer({ text = "", onClose }: Props) {
  const { incident, updates, outlets } = useRoom().room;
  const now = useNow();
  const draft = useDraft(incident.id, text);
  const around = useSurroundings(outlets);
  const [form, setForm] = useState<UpdateForm>(() => startOf(incident, updates));
  const [answers, setAnswers] = useState(() => openAnswers(updates));
  const change = (part: Partial<UpdateForm>) => setForm((before) => ({ ...before, ...part }));
  const isUsable = (channel: Channel) => around.unavailable[channel] === undefined;
  const usable = { ...form, channels: form.channels.filter(isUsable) };
  const { run, isPending, problem } = useSubmit(async () => {
    await api.post(incidentPath(incident.id, "updates"), withAnswers(publishInput(usable, draft.body), answers));
    draft.clear();
    onClose();
    if (form.nextMinutes !== null) await promise(form.nextMinutes);
  });

  /** When people hear again. The update is out by now: what fails here is only said. */
  async function promise(minutes: number): Promise<void> {
    const at = minutes > 0 ? new Date(now + minutes * MINUTE_MS).toISOString() : null;
    await api
      .patch(incidentPath(incident.id), { nextUpdateDueAt: at })
      .catch(() => toast("The update is out, but when the next one is due could not be kept.", "bad"));
  }
  function submit(event: FormEvent): void {
    event.preventDefault();
    void run();
  }
  const sent = publishInput(usable, draft.body).channels;
  const whyNotYet =
    draft.body.trim() === "" ? "Write what people should know." : sent.length === 0 ? "Choose a channel." : "";
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Beside draft={draft} />
      <div className="grid gap-5 min-[901px]:grid-cols-[minmax(0,1fr)_minmax(0,270px)]">
        <div className="flex min-w-0 flex-col gap-4">
          <StatusChoice
            value={form.status}
            incidentStatus={incident.status}
            onChange={(status) => change({ status })}
          />
          <PublicTitle form={form} components={around.components} onChange={change} problem={problem} />
          <UpdateBody draft={draft} problem={problem} />
          <NextUpdateChoice value={form.nextMinutes} onChange={(nextMinutes) => change({ nextMinutes })} />
          <ComponentChoice form={form} components={around.components} onChange={change} />
          {form.status === "resolved" && form.audience === "public" && (
            <ResolveQuestions answers={answers} components={around.components} onChange={setAnswers} />
          )}
          <ChannelChoice form={form} all={channels} unavailable={around.unavailable} onChange={change} />
        </div>
        <UpdatePreview form={usable} sent={sent} body={draft.body} around={around} />
      </div>
      <ProblemBanner problem={problem} />
      <div className="sticky bottom-0 -mx-5 -mb-5 flex flex-wrap items-center justify-end gap-x-3 gap-y-2 border-t border-line bg-panel px-5 py-3 max-md:-mx-4 max-md:-mb-4 max-md:px-4">
        {whyNotYet && <span className="mr-auto text-s text-muted">{whyNotYet}</span>}
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" isPending={isPending} disabled={whyNotYet !== ""}>
            Publish update
          </Button>
        </DialogActions>
      </div>
    </form>
  );
}
