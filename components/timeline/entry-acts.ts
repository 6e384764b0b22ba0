import { api } from "#/components/api/client.ts";
import { incidentPath } from "#/components/room/incident-path.ts";
import { toast } from "#/components/ui/toasts.tsx";
import type { ChangeEntryInput, TimelineEntryView } from "#/server/timeline/contract.ts";
import { type NoteMark, noteMarks } from "#/server/timeline/shared/lists.ts";
import type { EntryQuestion } from "./entry-dialogs.tsx";
import type { EntryAct } from "./entry-menu.tsx";
import { markLooks } from "./marks.ts";
import { momentPath } from "./use-moment.ts";

type Needs = {
  entry: TimelineEntryView;
  incident: { id: string; reference: string };
  me: { id: string; canWrite: boolean; isAdmin: boolean };
  act: (what: () => Promise<unknown>) => Promise<boolean>;
  ask: (question: EntryQuestion) => void;
};

function copyLink({ entry, incident, ask }: Needs): void {
  const url = `${window.location.origin}${momentPath(incident.reference, entry.id)}`;
  // Without the clipboard (an insecure origin) the link is shown, to be copied by hand.
  const byHand = () => ask({ kind: "link", url });
  if (!navigator.clipboard) byHand();
  else navigator.clipboard.writeText(url).then(() => toast("Link copied."), byHand);
}

/** What somebody can do with an entry, in the order of the menu. */
export function actsOf(needs: Needs): EntryAct[] {
  const { entry, incident, me, act, ask } = needs;
  const change = (changes: ChangeEntryInput) => () =>
    void act(() => api.patch(incidentPath(incident.id, "timeline", entry.id), changes));
  const isNote = entry.kind === "note" && entry.deletedAt === null;
  const mark = (to: NoteMark): EntryAct => ({
    label: `Mark as ${markLooks[to].word.toLowerCase()}`,
    onSelect: change({ mark: to }),
  });
  const marking: EntryAct[] = noteMarks.filter((each) => each !== entry.mark).map(mark);
  if (entry.mark) marking.push({ label: "Remove the mark", onSelect: change({ mark: null }) });
  const pin = { label: entry.pinned ? "Unpin" : "Pin", onSelect: change({ pinned: !entry.pinned }) };
  const canDelete = entry.actor.id === me.id || me.isAdmin;
  return [
    { label: "Copy link", onSelect: () => copyLink(needs) },
    ...(isNote && me.canWrite ? marking : []),
    ...(me.canWrite ? [pin] : []),
    ...(isNote ? [{ label: "History", onSelect: () => ask({ kind: "history", entry }) }] : []),
    ...(isNote && me.canWrite ? [{ label: "Correct time", onSelect: () => ask({ kind: "time", entry }) }] : []),
    ...(isNote && me.canWrite && canDelete
      ? [{ label: "Delete", onSelect: () => ask({ kind: "delete", entry }) }]
      : []),
  ];
}
