"use client";

import Link from "next/link";
import { Tag } from "#/components/ui/tag.tsx";
import { Duration } from "#/components/ui/time.tsx";
import type { AlertView } from "#/server/alerts/contract.ts";
import { AlertActs } from "./alert-acts.tsx";
import { AlertTags } from "./alert-tags.tsx";
import { alertLooks } from "./alert-words.ts";
import { PlaceActs } from "./place-acts.tsx";

/** One alert: its state, how often it came, and why it is where it is. Its title leads to all that is known of it. */
export function AlertRow({ alert, canAct }: { alert: AlertView; canAct: boolean }) {
  const look = alertLooks[alert.status];
  const isHeld = alert.heldFor !== null && alert.status !== "resolved";
  return (
    <li className="grid grid-cols-[122px_minmax(0,1fr)_auto] items-start gap-x-3 gap-y-1 border-t border-line py-3 max-lg:grid-cols-1">
      <div className="flex flex-wrap items-center gap-1.5">
        <Tag tone={look.tone}>
          <span aria-hidden="true">{look.sign}</span>
          {look.word}
        </Tag>
        <span className="text-xs text-muted lg:hidden">
          <LastSeen alert={alert} />
        </span>
      </div>
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-1.5 gap-y-1 font-[550]">
          <Link
            data-alert
            prefetch={false}
            href={`/alerts/${alert.id}`}
            className="line-clamp-3 min-h-6 min-w-0 wrap-anywhere hover:underline"
          >
            {alert.title}
          </Link>
          {alert.count > 1 && <span className="font-normal text-muted">×{alert.count}</span>}
          <AlertTags alert={alert} />
        </p>
        <p className="text-[13px] wrap-anywhere text-muted">
          {[alert.severity, alert.sourceName, alert.service, alert.team].filter(Boolean).join(" · ")}
          <span className="max-lg:hidden">
            {" · "}
            <LastSeen alert={alert} />
          </span>
        </p>
        <p className="text-[13px] wrap-anywhere text-muted">
          {alert.explanation.text}
          {alert.incident && (
            <>
              {" "}
              <Link
                href={`/incidents/${alert.incident.reference}`}
                className="inline-block min-h-6 font-mono text-xs text-accent underline"
              >
                {alert.incident.reference}
              </Link>
            </>
          )}
        </p>
        {canAct && isHeld && (
          <div className="mt-2">
            <PlaceActs alert={alert} />
          </div>
        )}
      </div>
      {canAct && <AlertActs alert={alert} />}
    </li>
  );
}

function LastSeen({ alert }: { alert: AlertView }) {
  return (
    <>
      last seen <Duration from={alert.lastAt} /> ago
    </>
  );
}
