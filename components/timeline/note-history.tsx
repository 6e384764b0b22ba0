"use client";

import { useCallback, useEffect, useState } from "react";
import { api, problemText } from "#/components/api/client.ts";
import { useMe, useRoom } from "#/components/realtime/room/room-provider.tsx";
import { incidentPath } from "#/components/room/incident-path.ts";
import { useAct } from "#/components/room/use-act.ts";
import { Banner } from "#/components/ui/banner.tsx";
import { Button } from "#/components/ui/button.tsx";
import { cx } from "#/components/ui/cx.ts";
import { Dialog, DialogActions } from "#/components/ui/dialog.tsx";
import { Segmented } from "#/components/ui/segmented.tsx";
import { Spinner } from "#/components/ui/spinner.tsx";
import { Time } from "#/components/ui/time.tsx";
import { toast } from "#/components/ui/toasts.tsx";
import type { NoteVersionText, NoteVersionView, TimelineEntryView } from "#/server/timeline/contract.ts";
import { diffText } from "#/server/timeline/shared/text-diff.ts";

type Page<T> = { items: T[]; nextCursor: string | null };
type Props = { incidentId: string; entry: TimelineEntryView; onClose: () => void };

function useVersions(path: string) {
  const [versions, setVersions] = useState<readonly NoteVersionView[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const read = useCallback(
    async (after: string | null) => {
      try {
        const page = await api.get<Page<NoteVersionView>>(`${path}${after ? `?cursor=${after}` : ""}`);
        setVersions((shown) => (after && shown ? [...shown, ...page.items] : page.items));
        setCursor(page.nextCursor);
        setProblem(null);
      } catch (error) {
        setProblem(problemText(error));
      }
    },
    [path],
  );
  useEffect(() => void read(null), [read]);
  return { versions, problem, readAgain: () => read(null), readMore: cursor ? () => read(cursor) : null };
}

/** The text of a version; the one asked for last counts. */
function useText(path: string, seq: number | undefined): NoteVersionText | null {
  const [text, setText] = useState<NoteVersionText | null>(null);
  useEffect(() => {
    if (seq === undefined) return;
    let isGone = false;
    api.get<NoteVersionText>(`${path}/${seq}`).then(
      (read) => !isGone && setText(read),
      (error) => !isGone && toast(problemText(error), "bad"),
    );
    return () => {
      isGone = true;
    };
  }, [path, seq]);
  return text?.seq === seq ? text : null;
}

/** What a note was: who changed it when, its text then, and the way back to it. */
export function NoteHistory({ incidentId, entry, onClose }: Props) {
  const { canWrite } = useMe();
  const path = incidentPath(incidentId, "timeline", entry.id, "versions");
  const { versions, problem, readAgain, readMore } = useVersions(path);
  const [chosen, setChosen] = useState<number | null>(null);
  const [undo, setUndo] = useState<number | null>(null);
  const { act, isPending } = useAct();
  const current = useRoom().room.entries.find((each) => each.id === entry.id) ?? entry;
  const newest = versions?.[0]?.seq;
  const seq = chosen ?? newest;
  const text = useText(path, seq);

  async function restore(to: number): Promise<void> {
    if (!(await act(() => api.post(`${path}/${to}/restore`)))) return;
    setUndo(newest ?? null);
    setChosen(null);
    await readAgain();
  }
  return (
    <Dialog title={`History of the note by ${entry.actor.name}`} isOpen onClose={onClose} isWide>
      {problem && <Banner tone="bad">{problem}</Banner>}
      {undo !== null && (
        <p role="status" className="flex items-center gap-2 text-s text-ok">
          <span aria-hidden="true">✓</span> Restored.
          <Button size="s" isPending={isPending} onClick={() => restore(undo).then(() => setUndo(null))}>
            Undo
          </Button>
        </p>
      )}
      {!versions && !problem && <Spinner />}
      {versions && (
        <div className="grid min-h-0 gap-4 md:grid-cols-[230px_minmax(0,1fr)]">
          <div className="max-h-[50vh] overflow-y-auto max-md:max-h-44">
            <ol aria-label="Versions">
              {versions.map((version) => (
                <li key={version.seq}>
                  <VersionButton
                    version={version}
                    isCurrent={version.seq === newest}
                    isChosen={version.seq === seq}
                    sameAs={versions.find((each) => each.seq === version.sameAs)?.at}
                    onChoose={() => setChosen(version.seq)}
                  />
                </li>
              ))}
            </ol>
            {readMore && (
              <Button size="s" variant="quiet" onClick={readMore}>
                Earlier versions
              </Button>
            )}
          </div>
          <VersionText text={text} now={current.body ?? ""} isNewest={seq === newest} />
        </div>
      )}
      <DialogActions>
        <Button onClick={onClose}>Close</Button>
        {canWrite && (
          <Button
            variant="primary"
            isPending={isPending}
            disabled={seq === undefined || seq === newest || !text}
            onClick={() => seq !== undefined && restore(seq)}
          >
            Restore this version
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}

type VersionProps = {
  version: NoteVersionView;
  isCurrent: boolean;
  isChosen: boolean;
  sameAs: string | undefined;
  onChoose: () => void;
};

function VersionButton({ version, isCurrent, isChosen, sameAs, onChoose }: VersionProps) {
  const { author, at, wordsAdded, wordsRemoved } = version;
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      onClick={onChoose}
      className={cx(
        "flex w-full flex-col rounded-sm border border-transparent px-2 py-1.5 text-left text-s hover:bg-raised max-md:min-h-11",
        isChosen && "border-line-strong bg-raised",
      )}
    >
      <span className="flex justify-between gap-2">
        <b className="font-[550]">{author.name}</b>
        <Time at={at} format="day-time" className="text-xs text-muted" />
      </span>
      <span className="text-xs text-muted">
        {sameAs ? (
          <>
            as it was at <Time at={sameAs} />
          </>
        ) : (
          `${wordsAdded} words added, ${wordsRemoved} removed`
        )}
        {isCurrent && " · now"}
      </span>
    </button>
  );
}

type TextProps = { text: NoteVersionText | null; now: string; isNewest: boolean };

function VersionText({ text, now, isNewest }: TextProps) {
  const [look, setLook] = useState<"changes" | "text">("changes");
  if (!text) return <Spinner />;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      {!isNewest && (
        <Segmented
          label="Show the version as"
          value={look}
          options={[
            { value: "changes", label: "What restoring changes" },
            { value: "text", label: "Text" },
          ]}
          onChange={setLook}
        />
      )}
      <section
        aria-label="Version"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard.
        tabIndex={0}
        className="max-h-[46vh] overflow-auto rounded-sm border border-line bg-bg px-3 py-2 text-m whitespace-pre-wrap wrap-anywhere"
      >
        {isNewest || look === "text" ? (
          text.body || <span className="text-faint">An empty note</span>
        ) : (
          <Changes from={now} to={text.body} />
        )}
      </section>
    </div>
  );
}

const looks = {
  same: { Tag: "span", className: undefined },
  added: { Tag: "ins", className: "bg-ok-bg text-ok underline" },
  removed: { Tag: "del", className: "bg-bad-bg text-bad line-through" },
} as const;

function Changes({ from, to }: { from: string; to: string }) {
  let at = 0;
  return diffText(from, to).map(({ kind, text }) => {
    const { Tag, className } = looks[kind];
    const key = at;
    at += text.length;
    return (
      <Tag key={key} className={className}>
        {text}
      </Tag>
    );
  });
}
