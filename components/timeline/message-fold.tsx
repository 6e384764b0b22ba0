"use client";

import { memo, useState } from "react";
import { Time } from "#/components/ui/time.tsx";
import type { SlackMessageView } from "#/server/slack/contract.ts";
import { foldWords } from "./fold-messages.ts";

type Props = {
  messages: readonly SlackMessageView[];
  /** Somebody looks for words: what was found is in sight. */
  isFound: boolean;
};

/** What was said in Slack between two entries, folded into one line. */
export const MessageFold = memo(function MessageFold({ messages, isFound }: Props) {
  const [isOpen, setOpen] = useState(false);
  const first = messages[0];
  const isShown = isFound || isOpen;
  return (
    <li className="grid grid-cols-[46px_20px_minmax(0,1fr)] gap-2 py-[5px] max-[900px]:grid-cols-[42px_18px_minmax(0,1fr)]">
      {first && <Time at={first.at} className="font-mono text-xs leading-[1.7] text-faint" />}
      <span
        aria-hidden="true"
        className="mt-px grid size-[18px] place-items-center rounded-full border border-line bg-raised text-[10px] leading-none font-semibold text-muted"
      >
        #
      </span>
      <details className="group min-w-0" open={isShown} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="flex min-h-5 cursor-pointer items-baseline gap-1.5 text-s text-faint hover:text-text max-[900px]:-mt-3 max-[900px]:min-h-11 max-[900px]:items-center">
          <span aria-hidden="true" className="group-open:rotate-90">
            ▸
          </span>
          <span className="min-w-0 truncate">{foldWords(messages)}</span>
        </summary>
        {isShown && (
          <ul className="mt-1 flex flex-col gap-1.5 border-l border-line pl-3">
            {messages.map((message) => (
              <Message key={message.id} message={message} />
            ))}
          </ul>
        )}
      </details>
    </li>
  );
});

function Message({ message }: { message: SlackMessageView }) {
  if (message.deletedAt) return <li className="text-xs text-faint">A message was deleted in Slack</li>;
  return (
    <li className="text-s">
      <span className="flex flex-wrap items-baseline gap-x-2 text-xs text-muted">
        <b className="font-semibold text-text">{message.author.name}</b>
        <Time at={message.at} />
        {message.isReply && <span>in a thread</span>}
        {message.editedAt && <span>edited</span>}
        {message.noteId && (
          <a href={`#t=${message.noteId}`} className="text-accent underline">
            kept as a note
          </a>
        )}
      </span>
      <p className="whitespace-pre-wrap wrap-anywhere">{message.text}</p>
    </li>
  );
}
