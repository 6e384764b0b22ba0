"use client";

import { useState } from "react";
import { ChangesPanel } from "#/components/changes/changes-panel.tsx";
import type { Shown } from "#/components/commands/command.ts";
import { CommandCenter } from "#/components/commands/command-center.tsx";
import { FilesPanel } from "#/components/files/files-panel.tsx";
import { InvitedPeople } from "#/components/invitations/invited-people.tsx";
import { type Me, RoomProvider, useMe, useRoom } from "#/components/realtime/room/room-provider.tsx";
import { RosterPanel } from "#/components/roster/roster-panel.tsx";
import { RunbooksPanel } from "#/components/runbooks/runbooks-panel.tsx";
import { StatusBoard } from "#/components/status-board/status-board.tsx";
import { TasksPanel } from "#/components/tasks/tasks-panel.tsx";
import { TimelinePanel } from "#/components/timeline/timeline-panel.tsx";
import { cx } from "#/components/ui/cx.ts";
import { onDemand } from "#/components/ui/on-demand.tsx";
import { SkipLink } from "#/components/ui/skip-link.tsx";
import { usePreload } from "#/components/ui/use-preload.ts";
import { UpdatesPanel } from "#/components/updates/updates-panel.tsx";
import type { RoomView } from "#/server/realtime/contract.ts";
import { AlertsPanel } from "./alerts-panel.tsx";
import { PeopleHere } from "./people-here.tsx";
import { PhoneTabs, type RoomTab } from "./phone-tabs.tsx";
import { RoomBanners } from "./room-banners.tsx";
import { RoomHeader, RoomTabs } from "./room-header.tsx";

const UpdateDialog = onDemand(async () => (await import("#/components/updates/update-dialog.tsx")).UpdateDialog);
const ResolveDialog = onDemand(async () => (await import("./resolve-dialog.tsx")).ResolveDialog);

type Props = { initial: RoomView; me: Me };

/** An incident's live page. */
export function RoomPage({ initial, me }: Props) {
  return (
    <RoomProvider initial={initial} me={me}>
      <Room />
    </RoomProvider>
  );
}

const column = "min-h-0 overflow-y-auto overscroll-contain px-6 py-4 max-[900px]:grow max-[900px]:px-4";

type RoomDialog = { what: Exclude<Shown, "note">; text?: string | undefined };

/** Three columns; on a phone one panel at a time, chosen at the bottom. */
function Room() {
  usePreload();
  const { room, people } = useRoom();
  const { incident, alerts } = room;
  const me = useMe();
  const { canWrite } = me;
  const [tab, setTab] = useState<RoomTab>("timeline");
  const [dialog, setDialog] = useState<RoomDialog | null>(null);
  const close = () => setDialog(null);
  const publish = () => setDialog({ what: "update" });
  const hold = () => setDialog({ what: "holding" });
  const resolve = () => setDialog({ what: "resolve" });
  const on = (...tabs: RoomTab[]) => !tabs.includes(tab) && "max-[900px]:hidden";
  return (
    <CommandCenter
      me={me}
      room={room}
      here={people}
      onShow={(what, text) => (what === "note" ? setTab("timeline") : setDialog({ what, text }))}
    >
      <main className="flex h-dvh flex-col overflow-hidden">
        <SkipLink href="#timeline">Skip to timeline</SkipLink>
        <RoomHeader onResolve={resolve} onPublish={publish} />
        <RoomBanners onPublish={publish} onHold={hold} />
        <div className="flex min-h-0 grow flex-col min-[901px]:grid min-[901px]:grid-cols-[minmax(240px,320px)_minmax(0,1fr)_minmax(250px,320px)]">
          <div className={cx(column, "min-[901px]:border-r", on("board", "alerts"))}>
            <div className={cx("mb-3 min-[901px]:hidden", tab !== "board" && "hidden")}>
              <RoomTabs />
            </div>
            <StatusBoard className={cx(on("board"))} />
            <ChangesPanel className={cx(on("board"))} />
            <TasksPanel className={cx(on("board"))} />
            <RunbooksPanel className={cx(on("board"))} />
            <FilesPanel className={cx(on("board"))} />
            <AlertsPanel className={cx(on("alerts"))} />
          </div>
          <TimelinePanel className={cx("max-[900px]:grow min-[901px]:border-r", on("timeline"))} />
          <div className={cx(column, on("people", "update"))}>
            <div className={cx(on("people"))}>
              <PeopleHere />
              <InvitedPeople />
            </div>
            <RosterPanel className={cx(on("people"))} />
            <UpdatesPanel className={cx(on("update"))} onPublish={publish} onResolve={resolve} />
          </div>
        </div>
        <PhoneTabs tab={tab} onChange={setTab} firing={alerts.filter((alert) => alert.status === "firing").length} />
        {dialog?.what === "resolve" && <ResolveDialog onClose={close} />}
        {(dialog?.what === "update" || dialog?.what === "holding") && canWrite && (
          <UpdateDialog key={incident.id} text={dialog.text} isHolding={dialog.what === "holding"} onClose={close} />
        )}
      </main>
    </CommandCenter>
  );
}
