"use client";

import type { ReactNode } from "react";
import { useRoom } from "#/components/realtime/room/room-provider.tsx";
import { cx } from "#/components/ui/cx.ts";
import type { ChannelPreview } from "#/server/updates/contract.ts";
import type { Audience } from "#/server/updates/shared/lists.ts";
import { audienceLooks } from "./audience-badge.tsx";
import { HtmlFrame } from "./html-frame.tsx";
import { MailPreview } from "./mail-preview.tsx";
import { SlackPreview } from "./slack-preview.tsx";
import type { PreviewState } from "./use-preview.ts";
import { WordingField } from "./wording-field.tsx";
import { channelWords } from "./words.ts";

type Props = Omit<Parameters<typeof WordingField>[0], "channel"> & { state: PreviewState };

/** What each reader will get, made by the code that sends it. */
export function UpdatePreview({ state, ...wording }: Props) {
  const { preview, problem } = state;
  const { audience } = wording.form;
  return (
    <section aria-label="Preview" className="flex min-w-0 flex-col gap-3 text-s">
      {preview?.channels.length === 0 && <p className="text-muted">No channel is chosen: nobody would read it.</p>}
      {problem && <p className="text-warn">The preview is not up to date: {problem}</p>}
      {!preview && !problem && <p className="text-muted">The preview comes in a moment.</p>}
      {preview?.channels.map((each) => (
        <Card
          key={each.channel}
          channel={each.channel}
          audience={audience}
          to={<To shown={each} audience={audience} />}
        >
          <Shown shown={each} />
          {(each.channel === "slack" || each.channel === "email") && (
            <WordingField channel={each.channel} {...wording} />
          )}
        </Card>
      ))}
    </section>
  );
}

function To({ shown, audience }: { shown: ChannelPreview; audience: Audience }) {
  const { incident } = useRoom().room;
  switch (shown.channel) {
    case "status_page":
      return "the incident’s page";
    case "slack":
      return shown.to.join(", ") || incident.reference;
    case "mattermost":
    case "teams":
      return shown.to.join(", ");
    case "email": {
      const who = audience === "internal" ? "follower" : "subscriber";
      return `${shown.recipients.toLocaleString("en-GB")} ${who}${shown.recipients === 1 ? "" : "s"}`;
    }
  }
}

function Shown({ shown }: { shown: ChannelPreview }) {
  switch (shown.channel) {
    case "status_page":
      return <HtmlFrame title="The status page" html={shown.html} />;
    case "slack":
      return <SlackPreview blocks={shown.blocks} />;
    case "email":
      return <MailPreview mail={shown} />;
    case "mattermost":
    case "teams":
      return <ChatPreview message={shown.message} />;
  }
}

function ChatPreview({ message }: { message: Extract<ChannelPreview, { message: unknown }>["message"] }) {
  const { heading, body, notes, link } = message;
  return (
    <div className="flex flex-col gap-1.5 border-l-4 border-line-strong pl-2.5 text-s wrap-anywhere">
      <b className="text-m font-bold">{heading}</b>
      <p className="whitespace-pre-wrap">{body}</p>
      {notes.map((note) => (
        <p key={note} className="text-xs text-muted">
          {note}
        </p>
      ))}
      {link && <u className="text-xs">{link.text}</u>}
    </div>
  );
}

type CardProps = { channel: ChannelPreview["channel"]; audience: Audience; to: ReactNode; children: ReactNode };

function Card({ channel, audience, to, children }: CardProps) {
  const name = channelWords[channel];
  const look = audienceLooks[audience];
  return (
    <article
      aria-label={`Preview: ${name}`}
      className={cx(
        "flex flex-col gap-2 rounded-md border bg-bg px-3 py-2.5",
        audience === "public" ? "border-warn" : "border-dashed border-line-strong",
      )}
    >
      <h3 className="flex flex-wrap items-baseline gap-x-2 text-xs font-semibold tracking-[0.06em] text-muted uppercase">
        {name}
        <span className="font-normal tracking-normal normal-case">{to}</span>
        <span className={cx("ml-auto tracking-normal normal-case", audience === "public" && "text-warn")}>
          <span aria-hidden="true">{look.sign} </span>
          {look.word.toLowerCase()}
        </span>
      </h3>
      {children}
    </article>
  );
}
