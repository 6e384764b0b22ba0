"use client";

import Link from "next/link";
import { api } from "#/components/api/client.ts";
import { OpenPalette } from "#/components/commands/open-palette.tsx";
import { NotificationBell } from "#/components/notifications/notification-bell.tsx";
import { useMe, useRoom } from "#/components/realtime/room/room-provider.tsx";
import { Avatar } from "#/components/ui/avatar.tsx";
import { Button } from "#/components/ui/button.tsx";
import { TabLinks } from "#/components/ui/tabs.tsx";
import { Tag } from "#/components/ui/tag.tsx";
import { Duration } from "#/components/ui/time.tsx";
import { isOpen, TITLE_LENGTH_MAX } from "#/server/incidents/shared/lists.ts";
import { EditableText } from "./editable-text.tsx";
import { incidentPath } from "./incident-path.ts";
import { NextUpdate } from "./next-update.tsx";
import { SeverityMenu } from "./severity-menu.tsx";
import { StatusMenu } from "./status-menu.tsx";

type Props = { onResolve: () => void; onPublish: () => void };

/** What is broken, how bad, who is in charge, since when, and when people hear next: in one line. */
export function RoomHeader({ onResolve, onPublish }: Props) {
  const { incident } = useRoom().room;
  const { canWrite } = useMe();
  const isActive = isOpen(incident.status) && incident.status !== "triage";
  return (
    <header className="sticky top-0 z-20 flex min-h-[58px] shrink-0 items-center gap-x-3 gap-y-2 border-b border-line bg-bg px-6 py-2 max-[1180px]:flex-wrap max-[900px]:gap-x-1.5 max-[900px]:px-4 max-[900px]:py-2.5">
      <Link
        href="/incidents"
        prefetch={false}
        aria-label="All incidents"
        title="All incidents"
        className="grid size-8 shrink-0 place-items-center rounded-sm text-l text-muted hover:bg-raised hover:text-text max-[900px]:-ml-2 max-[900px]:size-11"
      >
        <span aria-hidden="true">←</span>
      </Link>
      <Heading />
      <SeverityMenu />
      <StatusMenu onResolve={onResolve} />
      <Commander />
      <div className="max-[900px]:hidden">
        <RoomTabs />
      </div>
      <div className="ml-auto flex gap-3 max-[900px]:-my-1 max-[900px]:-mr-2 max-[900px]:gap-0">
        <OpenPalette isSmall />
        <NotificationBell className="max-[900px]:-ml-3" />
      </div>
      <Declared />
      <NextUpdate />
      {canWrite && (
        <div className="flex gap-2 max-[900px]:hidden">
          {isActive && <Button onClick={onResolve}>Resolve</Button>}
          <Button variant="primary" onClick={onPublish}>
            Publish update
          </Button>
        </div>
      )}
    </header>
  );
}

function Heading() {
  const { incident } = useRoom().room;
  const { canWrite } = useMe();
  return (
    <div className="flex min-w-0 shrink items-center gap-3 max-[1180px]:w-[calc(100%-48px)]">
      <span className="shrink-0 font-mono text-s font-semibold text-muted">{incident.reference}</span>
      <h1 className="flex min-w-0 text-l font-semibold tracking-[-0.01em]">
        <EditableText
          label="Title"
          value={incident.title}
          placeholder="Untitled"
          lengthMax={TITLE_LENGTH_MAX}
          canEdit={canWrite && incident.status !== "merged"}
          isLine
          isRequired
          isNamedByText
          className="line-clamp-2 text-balance"
          onSave={(title) => api.patch(incidentPath(incident.id), { title })}
        />
      </h1>
      {incident.mode !== "live" && <Tag tone="warn">{incident.mode === "drill" ? "Drill" : "Retrospective"}</Tag>}
      {incident.visibility === "private" && <Tag tone="warn">Private</Tag>}
    </div>
  );
}

/** The two faces of an incident. */
export function RoomTabs() {
  const { incident } = useRoom().room;
  const here = `/incidents/${incident.mergedFrom ?? incident.reference}`;
  const postmortem = `/incidents/${incident.reference}/postmortem`;
  return (
    <TabLinks
      label="Incident"
      tabs={[
        { href: here, label: "Room" },
        { href: postmortem, label: "Postmortem" },
      ]}
    />
  );
}

function Commander() {
  const { incident } = useRoom().room;
  const holder = incident.roles.find((each) => each.role === "commander")?.holder;
  return (
    <span
      title={holder ? `Commander: ${holder.name}` : "Nobody is commander"}
      className="inline-flex min-h-7 shrink-0 items-center gap-1.5 rounded-sm border border-line px-1.5 text-s font-[550] max-[1180px]:hidden"
    >
      <span className="sr-only">Commander: </span>
      {holder ? (
        <>
          <Avatar person={holder} size="s" />
          <span className="max-w-32 truncate">{holder.name}</span>
        </>
      ) : (
        <span className="px-1 text-muted">No commander</span>
      )}
    </span>
  );
}

function Declared() {
  const { incident } = useRoom().room;
  const end = incident.resolvedAt;
  return (
    <span className="flex shrink-0 flex-col text-right leading-tight max-[900px]:hidden">
      <Duration from={incident.declaredAt} to={end} look="clock" className="font-mono text-[15px] font-semibold" />
      <span className="text-xs text-muted">{end ? "lasted" : "declared"}</span>
    </span>
  );
}
