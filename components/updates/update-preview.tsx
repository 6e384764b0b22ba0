"use client";

import type { ReactNode } from "react";
import { useRoom } from "#/components/realtime/room/room-provider.tsx";
import { useNow } from "#/components/ui/clock.tsx";
import type { Channel } from "#/server/updates/shared/lists.ts";
import { componentStatusWords, updateStatusWords } from "#/server/updates/shared/words.ts";
import { titleWhenEmpty } from "./update-fields.tsx";
import type { UpdateForm } from "./update-form.ts";
import type { Surroundings } from "./use-surroundings.ts";

type Props = { form: UpdateForm; sent: readonly Channel[]; body: string; around: Surroundings };

/** `10:24 UTC`: what leaves the building has one zone. */
function utcMinute(ms: number): string {
  return `${new Date(ms).toISOString().slice(11, 16)} UTC`;
}

/** What each reader will see. */
export function UpdatePreview({ form, sent, body, around }: Props) {
  const { incident } = useRoom().room;
  const at = utcMinute(useNow());
  const title = form.title.trim() || titleWhenEmpty(form, around.components);
  const status = updateStatusWords[form.status];
  const heading = form.audience === "internal" ? `Internal · ${status}: ${title}` : `${status}: ${title}`;
  const shown = (
    <p className="whitespace-pre-wrap wrap-anywhere">{body.trim() || <span className="text-faint">…</span>}</p>
  );
  const affected = form.components.flatMap(({ id, status: state }) => {
    const name = around.components.find((each) => each.id === id)?.name;
    return name && form.status !== "resolved" ? [`${name}: ${componentStatusWords[state]}`] : [];
  });
  const context = <p className="mt-1 text-xs text-muted">{[at, ...affected].join(" · ")}</p>;
  return (
    <section aria-label="Preview" className="flex min-w-0 flex-col gap-3 text-s">
      {sent.length === 0 && <p className="text-muted">No channel is chosen: nobody would read it.</p>}
      {sent.includes("status_page") && (
        <Card name="Status page" where="public">
          <b className="font-semibold wrap-anywhere">{title}</b>
          <p>
            <b className="font-semibold">{status}</b> <span className="text-xs text-muted">{at}</span>
          </p>
          {shown}
          {affected.length > 0 && <p className="mt-1 text-xs text-muted">{affected.join(" · ")}</p>}
        </Card>
      )}
      {sent.includes("slack") && (
        <Card name="Slack" where={around.slackChannel ?? incident.reference}>
          <div className="border-l-4 border-warn pl-2.5">
            <b className="font-semibold wrap-anywhere">{heading}</b>
            {shown}
            {context}
          </div>
        </Card>
      )}
      {sent.includes("email") && (
        <Card name="E-mail" where={form.audience === "internal" ? "internal followers" : "subscribers"}>
          <p className="text-xs text-muted">Subject</p>
          <p className="mb-1.5 font-semibold wrap-anywhere">
            {around.pageName ? `[${around.pageName}] ` : ""}
            {title}
          </p>
          <b className="font-semibold wrap-anywhere">{heading}</b>
          {shown}
          {context}
          <p className="mt-1.5 text-xs text-muted">View the incident · Unsubscribe</p>
        </Card>
      )}
    </section>
  );
}

function Card({ name, where, children }: { name: string; where: string; children: ReactNode }) {
  return (
    <article aria-label={`Preview: ${name}`} className="rounded-md border border-line bg-bg px-3 py-2.5">
      <h3 className="mb-1.5 flex justify-between gap-2 text-xs font-semibold tracking-[0.06em] text-muted uppercase">
        {name}
        <span className="font-normal tracking-normal normal-case">{where}</span>
      </h3>
      {children}
    </article>
  );
}
