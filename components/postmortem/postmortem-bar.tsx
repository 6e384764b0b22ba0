"use client";

import Link from "next/link";
import { api, problemText } from "#/components/api/client.ts";
import { NotificationBell } from "#/components/notifications/notification-bell.tsx";
import { SaveStatus } from "#/components/realtime/documents/save-status.tsx";
import { Menu } from "#/components/ui/menu.tsx";
import { TabLinks } from "#/components/ui/tabs.tsx";
import { Tag } from "#/components/ui/tag.tsx";
import { toast } from "#/components/ui/toasts.tsx";
import type { PostmortemView } from "#/server/postmortem/contract.ts";
import { type PostmortemState, postmortemStateNames, postmortemStates } from "#/server/postmortem/shared/lists.ts";
import { ExportButtons } from "./export-buttons.tsx";
import { postmortemPath } from "./use-postmortem.ts";

type Props = { postmortem: PostmortemView; onChange: (postmortem: PostmortemView) => void };

const dueFormat = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  timeZone: "UTC",
});

/** The page's head: where one is, whether it is saved, how far the postmortem is, and the ways out. */
export function PostmortemBar({ postmortem, onChange }: Props) {
  const { incident, state, dueOn, canWrite } = postmortem;
  const room = `/incidents/${incident.reference}`;

  async function change(next: PostmortemState): Promise<void> {
    try {
      onChange(await api.patch<PostmortemView>(postmortemPath(incident.reference), { state: next }));
    } catch (error) {
      toast(problemText(error), "bad");
    }
  }

  const isDueShown = dueOn !== null && (state === "draft" || state === "in_review");
  return (
    <header className="sticky top-0 z-20 flex min-h-[58px] flex-wrap items-center gap-x-4 gap-y-1 border-b border-line bg-bg px-6 max-md:static max-md:px-4 max-md:pb-3">
      <Link href="/incidents" aria-label="All incidents" className="text-muted hover:text-text max-md:py-2.5">
        <span aria-hidden="true">←</span>
      </Link>
      <span className="font-mono text-s font-semibold text-muted">{incident.reference}</span>
      <TabLinks
        label="Incident"
        tabs={[
          { href: room, label: "Room" },
          { href: `${room}/postmortem`, label: "Postmortem" },
        ]}
      />
      <div className="ml-auto flex items-center gap-3">
        <SaveStatus />
        <NotificationBell />
      </div>
      <div className="flex flex-wrap items-center gap-2 max-md:w-full">
        {isDueShown && <Tag>Due {dueFormat.format(new Date(dueOn))}</Tag>}
        {canWrite ? (
          <Menu
            size="s"
            align="end"
            className="max-md:[&>button]:min-h-11"
            label={`State: ${postmortemStateNames[state]}`}
            items={postmortemStates.map((each) => ({
              label: postmortemStateNames[each],
              isCurrent: each === state,
              onSelect: () => change(each),
            }))}
          >
            {postmortemStateNames[state]} <span aria-hidden="true">▾</span>
          </Menu>
        ) : (
          <Tag>{postmortemStateNames[state]}</Tag>
        )}
        <ExportButtons reference={incident.reference} />
      </div>
    </header>
  );
}
