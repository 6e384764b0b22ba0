"use client";

import type { ReactNode } from "react";
import { Rows } from "#/components/settings/rows.tsx";
import { Subsection } from "#/components/settings/section-page.tsx";
import { EmptyState } from "#/components/ui/empty-state.tsx";
import { useRefreshAt } from "#/components/ui/use-refresh-at.ts";
import type { AlertMuteView } from "#/server/alerts/muting/contract.ts";
import { MuteRow } from "./mute-row.tsx";
import { NewMute } from "./new-mute.tsx";

type Mutes = readonly AlertMuteView[];
type Props = {
  active: Mutes;
  planned: Mutes;
  ended: Mutes;
  canChange: boolean;
  /** What else keeps quiet. */
  children: ReactNode;
};

/** What keeps alerts quiet now, what will, and what did. */
export function MutesPanel({ active, planned, ended, canChange, children }: Props) {
  useRefreshAt([...active.map(({ until }) => until), ...planned.map(({ from }) => from)]);
  if (active.length + planned.length + ended.length === 0) {
    return (
      <div className="flex flex-col gap-4">
        <EmptyState title="Nothing is muted" action={canChange && <NewMute />}>
          A mute keeps the alerts of services, or those of a condition, quiet for a time: during maintenance, or while
          something known is being repaired. They are recorded and shown, and nobody is told. What still fires when it
          ends is placed then.
        </EmptyState>
        {children}
      </div>
    );
  }
  return (
    <div className="flex flex-col gap-4">
      <Part title="Active" mutes={active} canChange={canChange} isEmptyMeans="Nothing is muted now." />
      {planned.length > 0 && <Part title="Planned" mutes={planned} canChange={canChange} />}
      {children}
      {ended.length > 0 && <Part title="Ended" mutes={ended} canChange={canChange} />}
    </div>
  );
}

type PartProps = { title: string; mutes: Mutes; canChange: boolean; isEmptyMeans?: string };

function Part({ title, mutes, canChange, isEmptyMeans }: PartProps) {
  return (
    <Subsection title={title}>
      {mutes.length === 0 ? (
        <p className="border-t border-line py-3 text-muted">{isEmptyMeans}</p>
      ) : (
        <Rows label={`${title} mutes`}>
          {mutes.map((mute) => (
            <MuteRow key={mute.id} mute={mute} canChange={canChange} />
          ))}
        </Rows>
      )}
    </Subsection>
  );
}
