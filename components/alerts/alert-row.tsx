"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { api, problemText } from "#/components/api/client.ts";
import { sourceWord } from "#/components/incidents/words.ts";
import { Button } from "#/components/ui/button.tsx";
import { Tag } from "#/components/ui/tag.tsx";
import { Duration } from "#/components/ui/time.tsx";
import { toast } from "#/components/ui/toasts.tsx";
import type { AlertView } from "#/server/alerts/contract.ts";
import { alertLooks } from "./alert-words.ts";

/** One alert: its state, how often it came, and why it is where it is. */
export function AlertRow({ alert, canAct }: { alert: AlertView; canAct: boolean }) {
  const look = alertLooks[alert.status];
  return (
    <li className="grid grid-cols-[122px_minmax(0,1fr)_auto] items-start gap-x-3 gap-y-1 border-t border-line py-3 max-md:grid-cols-1">
      <div className="flex flex-wrap items-center gap-1.5">
        <Tag tone={look.tone}>
          <span aria-hidden="true">{look.sign}</span>
          {look.word}
        </Tag>
        <span className="text-xs text-muted md:hidden">
          <LastSeen alert={alert} />
        </span>
      </div>
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-1.5 font-[550]">
          <span className="min-w-0 break-words">{alert.title}</span>
          {alert.count > 1 && <span className="font-normal text-muted">×{alert.count}</span>}
          {!alert.recognised && <Tag tone="warn">Unrecognised</Tag>}
        </p>
        <p className="text-[13px] text-muted">
          {[alert.severity, sourceWord(alert.source), alert.service].filter(Boolean).join(" · ")}
          <span className="max-md:hidden">
            {" · "}
            <LastSeen alert={alert} />
          </span>
        </p>
        <p className="text-[13px] break-words text-muted">
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

function AlertActs({ alert }: { alert: AlertView }) {
  const router = useRouter();
  const [pending, setPending] = useState<string | null>(null);
  async function act(verb: "ack" | "resolve"): Promise<void> {
    if (pending) return;
    setPending(verb);
    try {
      await api.post(`/api/v1/alerts/${alert.id}/${verb}`);
      router.refresh();
    } catch (error) {
      toast(problemText(error), "bad");
    } finally {
      setPending(null);
    }
  }
  const isOver = alert.status === "resolved";
  return (
    <div className="flex gap-2 max-md:mt-1 max-md:[&>*]:min-h-11 max-md:[&>*]:grow">
      {alert.status === "firing" && (
        <Button size="s" isPending={pending === "ack"} onClick={() => act("ack")}>
          Acknowledge
        </Button>
      )}
      {!isOver && (
        <Button size="s" isPending={pending === "resolve"} onClick={() => act("resolve")}>
          Resolve
        </Button>
      )}
    </div>
  );
}
