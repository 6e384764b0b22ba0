"use client";

import { type Ref, useLayoutEffect, useRef } from "react";
import { showFiles } from "#/components/files/note-files.ts";
import { useFiles, useIncidentId } from "#/components/realtime/room/room-provider.tsx";

/** Markdown as the server rendered it, in the room's letters. */
export const proseClass =
  "text-m wrap-anywhere [&_a]:text-accent [&_a]:underline [&_blockquote]:border-l-2 [&_blockquote]:border-line-strong [&_blockquote]:pl-3 [&_blockquote]:text-muted [&_code]:rounded [&_code]:bg-raised [&_code]:px-1 [&_code]:font-mono [&_code]:text-[12.5px] [&_h1]:font-semibold [&_h2]:font-semibold [&_h3]:font-semibold [&_li]:my-0.5 [&_ol]:list-decimal [&_ol]:pl-5 [&_pre_code]:bg-transparent [&_pre_code]:p-0 [&_pre_code]:text-[12px] [&_pre]:overflow-x-auto [&_pre]:rounded-sm [&_pre]:border [&_pre]:border-line [&_pre]:bg-bg [&_pre]:px-2.5 [&_pre]:py-2 [&_pre]:font-mono [&_pre]:text-[12px] [&_pre]:whitespace-pre [&_table]:block [&_table]:overflow-x-auto [&_td]:border [&_td]:border-line [&_td]:px-2 [&_th]:border [&_th]:border-line [&_th]:px-2 [&_th]:text-left [&_ul]:list-disc [&_ul]:pl-5 [&>*+*]:mt-1.5 [&_img]:h-auto [&_img]:max-h-80 [&_img]:max-w-full [&_img]:rounded-sm [&_img]:border [&_img]:border-line [&_img]:bg-bg [&_s]:text-muted [&_summary]:w-fit [&_summary]:cursor-pointer [&_summary]:py-0.5 [&_summary]:text-s [&_summary]:text-accent max-[900px]:[&_summary]:py-2.5 [&_pre:has(+details[open])]:hidden [&_pre]:max-h-[60vh] [&_pre]:overflow-y-auto [&_details[open]_summary>span:first-child]:hidden [&_details:not([open])_summary>span:last-child]:hidden";

/** More of a text that is still being written is not laid out again with each letter. */
const LIVE_LENGTH_MAX = 4_000;

type Props = { html: string | undefined; body: string; liveText: string | undefined };

/** A note's text: rendered, or as it is being written while the server has not caught up. */
export function NoteBody({ html, body, liveText }: Props) {
  const isBehind = liveText !== undefined && liveText !== body;
  if (html === undefined || isBehind) {
    const text = liveText ?? body;
    return (
      <div className="text-m whitespace-pre-wrap wrap-anywhere">
        {text.length > LIVE_LENGTH_MAX ? `${text.slice(0, LIVE_LENGTH_MAX).toWellFormed()} …` : text}
      </div>
    );
  }
  return html.includes("/files/") ? <HtmlWithFiles html={html} /> : <Html html={html} />;
}

function HtmlWithFiles({ html }: { html: string }) {
  const note = useRef<HTMLDivElement>(null);
  const incidentId = useIncidentId();
  const files = useFiles();
  // biome-ignore lint/correctness/useExhaustiveDependencies: other HTML is other nodes.
  useLayoutEffect(() => {
    if (note.current) showFiles(note.current, incidentId, files);
  }, [html, incidentId, files]);
  return <Html html={html} ref={note} />;
}

function Html({ html, ref }: { html: string; ref?: Ref<HTMLDivElement> }) {
  return (
    <div
      ref={ref}
      className={proseClass}
      // biome-ignore lint/security/noDangerouslySetInnerHtml: the server made it from Markdown through rehype-sanitize.
      dangerouslySetInnerHTML={{ __html: html }}
    />
  );
}
