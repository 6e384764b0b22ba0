"use client";

import dynamic from "next/dynamic";
import { useRef, useState } from "react";
import { keepEditsOf } from "#/components/realtime/documents/device.ts";
import { LostEdits } from "#/components/realtime/documents/lost-edits.tsx";
import type { PostmortemView } from "#/server/postmortem/contract.ts";
import { ActionItemsPanel } from "./action-items-panel.tsx";
import type { EditorHandle } from "./editor-handle.ts";
import { ImpactStart } from "./impact-start.tsx";
import { PostmortemBar } from "./postmortem-bar.tsx";
import { PostmortemFacts } from "./postmortem-facts.tsx";
import { RecordPanel } from "./record-panel.tsx";
import { usePostmortem } from "./use-postmortem.ts";

/** The editor is 100 KB and needs a browser: it comes after the page. */
const PostmortemText = dynamic(() => import("./postmortem-text.tsx").then((module) => module.PostmortemText), {
  ssr: false,
  loading: () => <p className="text-s text-muted">Opening the text…</p>,
});

type Props = {
  /** Read on the server, so that the page is not empty while it connects. */
  initial: PostmortemView;
  me: { id: string; name: string };
};

/** What was learned from an incident: its text, written together, beside the record and the action items. */
export function PostmortemPage({ initial, me }: Props) {
  const { postmortem, refresh, take } = usePostmortem(initial);
  const editor = useRef<EditorHandle>(null);
  useState(() => keepEditsOf(me.id));
  const { incident, canWrite } = postmortem;
  return (
    <div className="flex min-h-dvh flex-col">
      <PostmortemBar postmortem={postmortem} onChange={take} />
      <div className="grid grow grid-cols-[270px_minmax(0,1fr)_290px] max-xl:grid-cols-[minmax(0,1fr)_290px] max-lg:block">
        <RecordPanel record={postmortem.record} isWritable={canWrite} editor={editor} />
        <main className="min-w-0">
          <article className="mx-auto flex max-w-[784px] flex-col gap-4 px-8 pt-7 pb-24 max-lg:px-4 max-lg:pt-5 max-lg:pb-8">
            <header className="flex flex-col gap-1.5">
              <h1 className="text-2xl leading-tight font-bold tracking-tight text-balance">{incident.title}</h1>
              <PostmortemFacts postmortem={postmortem} />
            </header>
            {canWrite && incident.impactStartedAt === null && <ImpactStart incident={incident} onSaved={refresh} />}
            <LostEdits />
            <PostmortemText
              incidentId={incident.id}
              me={me}
              isWritable={canWrite}
              files={postmortem.files}
              handle={editor}
            />
          </article>
        </main>
        <ActionItemsPanel
          incidentId={incident.id}
          items={postmortem.actionItems}
          followUps={postmortem.followUps}
          isWritable={canWrite}
          onChanged={refresh}
        />
      </div>
    </div>
  );
}
