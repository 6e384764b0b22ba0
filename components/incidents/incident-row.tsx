"use client";

import Link from "next/link";
import { Avatar } from "#/components/ui/avatar.tsx";
import { Tag } from "#/components/ui/tag.tsx";
import { Countdown, Duration, Time } from "#/components/ui/time.tsx";
import type { IncidentView } from "#/server/incidents/contract.ts";
import { isOpen } from "#/server/incidents/shared/lists.ts";
import { SeverityMark } from "./severity.tsx";
import { statusWords } from "./words.ts";

/** One incident in a list: how bad, what, who leads, how long, and when people hear next. */
export function IncidentRow({ incident }: { incident: IncidentView }) {
  const open = isOpen(incident.status);
  return (
    <li className="relative grid grid-cols-[84px_84px_minmax(0,1fr)_150px_80px_150px] items-center gap-x-3 border-t border-line py-2.5 hover:bg-panel max-md:grid-cols-[66px_minmax(0,1fr)] max-md:items-start max-md:gap-y-0.5">
      <SeverityMark severity={incident.severity} className="max-md:row-span-4 max-md:pt-0.5" />
      <span className="font-mono text-xs font-medium text-muted max-md:hidden">{incident.reference}</span>
      <div className="min-w-0">
        <Link
          href={`/incidents/${incident.reference}`}
          className="font-[550] break-words after:absolute after:inset-0 hover:underline"
        >
          {incident.title}
        </Link>
        <p className="flex flex-wrap items-center gap-x-1.5 text-[13px] text-muted">
          <span className="font-mono text-xs md:hidden">{incident.reference}</span>
          <span>{facts(incident)}</span>
          {incident.mode !== "live" && <Tag tone="warn">{incident.mode === "drill" ? "Drill" : "Retrospective"}</Tag>}
          {incident.visibility === "private" && <Tag>Private</Tag>}
        </p>
      </div>
      <Commander incident={incident} isNeeded={open} />
      <span className="text-[13px] text-muted max-md:hidden">
        <Duration from={incident.declaredAt} to={incident.resolvedAt} />
      </span>
      <span className="text-[13px]">{open ? <NextUpdate incident={incident} /> : <Ended incident={incident} />}</span>
    </li>
  );
}

function facts(incident: IncidentView): string {
  const services = incident.services.map((service) => service.name).join(", ");
  const reason = incident.status === "declined" ? (incident.declineReason ?? "") : "";
  return [statusWords[incident.status], services, reason].filter(Boolean).join(" · ");
}

function Commander({ incident, isNeeded }: { incident: IncidentView; isNeeded: boolean }) {
  const holder = incident.roles.find((role) => role.role === "commander")?.holder;
  if (holder) {
    return (
      <span className="flex min-w-0 items-center gap-1.5 text-[13px] max-md:hidden">
        <Avatar person={holder} />
        <span className="truncate">{holder.name}</span>
      </span>
    );
  }
  if (isNeeded) return <span className="text-[13px] text-warn">! no commander</span>;
  return <span className="max-md:hidden" />;
}

function NextUpdate({ incident }: { incident: IncidentView }) {
  if (!incident.nextUpdateDueAt) return null;
  return (
    <span>
      next update <Countdown at={incident.nextUpdateDueAt} lateClassName="font-semibold text-bad" />
    </span>
  );
}

function Ended({ incident }: { incident: IncidentView }) {
  return (
    <span className="text-muted">
      <Time at={incident.closedAt ?? incident.resolvedAt ?? incident.updatedAt} format="day" />
    </span>
  );
}
