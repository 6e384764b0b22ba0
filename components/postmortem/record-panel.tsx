"use client";

import type { RefObject } from "react";
import { IconButton } from "#/components/ui/button.tsx";
import { fileOfPath } from "#/server/files/shared/file-link.ts";
import type { RecordLineView } from "#/server/postmortem/contract.ts";
import { utcInstant, utcTime } from "#/server/postmortem/shared/format.ts";
import { noteMarkNames } from "#/server/timeline/shared/lists.ts";
import type { EditorHandle, LinkedFile } from "./editor-handle.ts";

type Props = {
  record: readonly RecordLineView[];
  isWritable: boolean;
  editor: RefObject<EditorHandle | null>;
};

/** An image or link in Markdown. */
const LINK = /!?\[((?:[^\]\\]|\\.)*)\]\(([^)\s]*)[^)]*\)/g;

/** The files that a note links to, each once. */
function linkedFiles(line: RecordLineView): LinkedFile[] {
  if (line.kind === "event") return [];
  const found = [...line.text.matchAll(LINK)].map(([, name = "", url = ""]) => ({
    name: name.replace(/\\/g, ""),
    url,
  }));
  const files = found.filter(({ url }) => fileOfPath(url) !== null);
  return files.filter(({ url }, at) => files.findIndex((each) => each.url === url) === at);
}

/** The first words of a note, without Markdown's signs; its files by their names, or left out. */
function shortText(line: RecordLineView, files: "named" | "left out" = "named"): string {
  if (line.kind === "event") return line.text;
  const words = line.text
    .replace(LINK, (whole, name: string, url: string) => (fileOfPath(url) && files === "left out" ? "" : name || whole))
    .replace(/[*_`#>~]+/g, "")
    .replace(/\s+/g, " ")
    .trim();
  const what = line.mark ? `${noteMarkNames[line.mark]} · ` : "";
  return `${what}${line.author}: ${words.length > 140 ? `${words.slice(0, 140)}…` : words}`;
}

/** The timeline beside the text; each line goes into the text where the cursor is. */
export function RecordPanel({ record, isWritable, editor }: Props) {
  return (
    <aside
      aria-label="From the record"
      className="border-r border-line px-5 py-4.5 text-s max-xl:hidden xl:sticky xl:top-[58px] xl:max-h-[calc(100dvh-58px)] xl:overflow-y-auto"
    >
      <h2 className="mb-2 text-xs font-semibold tracking-wider text-muted uppercase">From the record</h2>
      <ol>
        {record.map((line) => {
          const at = new Date(line.at);
          return (
            <li
              key={line.id}
              className="grid grid-cols-[42px_minmax(0,1fr)_auto] items-start gap-2 border-t border-line py-1.5"
            >
              <time dateTime={line.at} title={utcInstant(at)} className="pt-px font-mono text-xs text-faint">
                {utcTime(at)}
              </time>
              <span className="wrap-anywhere">{shortText(line)}</span>
              {isWritable && (
                <IconButton
                  label={`Insert ${utcTime(at)} ${shortText(line)}`}
                  className="-my-1 size-7 text-accent"
                  onClick={() => editor.current?.insertLine(at, shortText(line, "left out"), linkedFiles(line))}
                >
                  +
                </IconButton>
              )}
            </li>
          );
        })}
      </ol>
    </aside>
  );
}
