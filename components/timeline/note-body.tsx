"use client";

import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { showFiles } from "#/components/files/note-files.ts";
import { useFiles, useIncidentId } from "#/components/realtime/room/room-provider.tsx";
import { Button } from "#/components/ui/button.tsx";
import { cx } from "#/components/ui/cx.ts";

/** Markdown as the server rendered it, in the room's letters. */
export const proseClass =
  "text-m wrap-anywhere [&_a]:text-accent [&_a]:underline [&_blockquote]:border-l-2 [&_blockquote]:border-line-strong [&_blockquote]:pl-3 [&_blockquote]:text-muted [&_code]:rounded [&_code]:bg-raised [&_code]:px-1 [&_code]:font-mono [&_code]:text-[12.5px] [&_h1]:font-semibold [&_h2]:font-semibold [&_h3]:font-semibold [&_li]:my-0.5 [&_ol]:list-decimal [&_ol]:pl-5 [&_pre_code]:bg-transparent [&_pre_code]:p-0 [&_pre_code]:text-[12px] [&_pre]:overflow-x-auto [&_pre]:rounded-sm [&_pre]:border [&_pre]:border-line [&_pre]:bg-bg [&_pre]:px-2.5 [&_pre]:py-2 [&_pre]:font-mono [&_pre]:text-[12px] [&_pre]:whitespace-pre [&_table]:block [&_table]:overflow-x-auto [&_td]:border [&_td]:border-line [&_td]:px-2 [&_th]:border [&_th]:border-line [&_th]:px-2 [&_th]:text-left [&_ul]:list-disc [&_ul]:pl-5 [&>*+*]:mt-1.5 [&_img]:h-auto [&_img]:max-h-80 [&_img]:max-w-full [&_img]:rounded-sm [&_img]:border [&_img]:border-line [&_img]:bg-bg [&_s]:text-muted [&_summary]:w-fit [&_summary]:cursor-pointer [&_summary]:py-0.5 [&_summary]:text-s [&_summary]:text-accent max-[900px]:[&_summary]:py-2.5 [&_pre:has(+details[open])]:hidden [&_pre]:max-h-[60vh] [&_pre]:overflow-y-auto [&_details[open]_summary>span:first-child]:hidden [&_details:not([open])_summary>span:last-child]:hidden [&_.task-list-item]:list-none [&_.task-list-item]:-ml-5 [&_input]:mr-1.5 [&_input]:inline-grid [&_input]:size-3.5 [&_input]:translate-y-0.5 [&_input]:appearance-none [&_input]:place-items-center [&_input]:rounded-sm [&_input]:border [&_input]:border-line-strong [&_input]:text-[10px] [&_input]:leading-none [&_input:checked]:before:content-['✓']";

/** More of a text that is still being written is not laid out again with each letter. */
const LIVE_LENGTH_MAX = 4_000;

/** Longer than a screen: a log that was pasted in. It is folded until somebody asks for it. */
const LONG_LENGTH = 4_000;
const LONG_LINES = 40;

function isLong(text: string): boolean {
  return text.length > LONG_LENGTH || text.split("\n", LONG_LINES + 1).length > LONG_LINES;
}

/** Puts a button over each block of code that takes it to the clipboard. */
function addCopyButtons(element: HTMLElement): void {
  for (const block of element.querySelectorAll("pre")) {
    if (block.parentElement?.dataset.code !== undefined) continue;
    const frame = document.createElement("div");
    frame.dataset.code = "";
    frame.className = "relative";
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.setAttribute("aria-label", "Copy code");
    button.className =
      "absolute top-1 right-1 rounded-sm border border-line bg-raised px-1.5 text-xs text-muted hover:text-text max-[900px]:min-h-11";
    button.addEventListener("click", () => {
      navigator.clipboard?.writeText(block.textContent ?? "").then(
        () => {
          button.textContent = "Copied";
        },
        // Without the clipboard (an insecure origin) the code is selected, ready for the keys.
        () => window.getSelection()?.selectAllChildren(block),
      ) ?? window.getSelection()?.selectAllChildren(block);
    });
    block.replaceWith(frame);
    frame.append(block, button);
  }
}

function Rendered({ html }: { html: string }) {
  const ref = useRef<HTMLDivElement>(null);
  const incidentId = useIncidentId();
  const files = useFiles();
  useLayoutEffect(() => {
    if (ref.current && html.includes("/files/")) showFiles(ref.current, incidentId, files);
  }, [html, incidentId, files]);
  useEffect(() => {
    if (ref.current && html.includes("<pre")) addCopyButtons(ref.current);
  }, [html]);
  return (
    <div
      ref={ref}
      className={proseClass}
      // biome-ignore lint/security/noDangerouslySetInnerHtml: the server made it from Markdown through rehype-sanitize.
      dangerouslySetInnerHTML={{ __html: html }}
    />
  );
}

type Props = { html: string | undefined; body: string; liveText: string | undefined };

/** A note's text: rendered, or as it is being written while the server has not caught up. */
export function NoteBody({ html, body, liveText }: Props) {
  const [isWhole, setWhole] = useState(false);
  const text = liveText ?? body;
  if (text.trim() === "") return <p className="text-s text-faint">An empty note</p>;
  const isBehind = liveText !== undefined && liveText !== body;
  // The server folds long code by itself.
  const isFolded = isLong(text) && !html?.includes("<details");
  return (
    <>
      <div className={cx(isFolded && !isWhole && "max-h-72 overflow-hidden mask-b-from-80%")}>
        {html === undefined || isBehind ? (
          <div className="text-m whitespace-pre-wrap wrap-anywhere">
            {text.length > LIVE_LENGTH_MAX && !isWhole ? `${text.slice(0, LIVE_LENGTH_MAX).toWellFormed()} …` : text}
          </div>
        ) : (
          <Rendered html={html} />
        )}
      </div>
      {isFolded && (
        <Button size="s" variant="quiet" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
          {isWhole ? "Show less" : `Show all ${text.split("\n").length} lines`}
        </Button>
      )}
    </>
  );
}
