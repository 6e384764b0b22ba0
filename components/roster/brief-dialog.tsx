"use client";

import { type ReactNode, useEffect, useState } from "react";
import { api } from "#/components/api/client.ts";
import { ProblemBanner } from "#/components/api/problem-banner.tsx";
import { useMe, useRoom } from "#/components/realtime/room/room-provider.tsx";
import { incidentPath } from "#/components/room/incident-path.ts";
import { useAct } from "#/components/room/use-act.ts";
import { Button } from "#/components/ui/button.tsx";
import { Dialog, DialogActions } from "#/components/ui/dialog.tsx";
import { Tag } from "#/components/ui/tag.tsx";
import { Time } from "#/components/ui/time.tsx";
import type { BriefView } from "#/server/brief/contract.ts";

type Read = { brief: BriefView | null; problem: unknown };

function useBrief(incidentId: string): Read {
  const [state, setState] = useState<Read>({ brief: null, problem: null });
  useEffect(() => {
    let isGone = false;
    api
      .get<BriefView>(incidentPath(incidentId, "brief"))
      .then((brief) => !isGone && setState({ brief, problem: null }))
      .catch((problem: unknown) => !isGone && setState({ brief: null, problem }));
    return () => {
      isGone = true;
    };
  }, [incidentId]);
  return state;
}

type Props = { onClose: () => void };

/** What to know on coming late; whoever was offered a role decides at its end. */
export function BriefDialog({ onClose }: Props) {
  const { incident } = useRoom().room;
  const me = useMe();
  const { brief, problem } = useBrief(incident.id);
  const { act, isPending } = useAct();
  const offered = incident.roles.find((role) => role.offeredTo?.id === me.id);
  // With the brief, which moves what stands below it: a press would go beside.
  const mayAnswer = brief !== null || problem !== null;
  const answer = async (what: "accept" | "decline", role: string) => {
    if (await act(() => api.post(incidentPath(incident.id, "roles", role, what)))) onClose();
  };
  return (
    <Dialog title={offered ? `Before you take ${offered.role}` : "Brief"} isOpen onClose={onClose} isWide>
      <ProblemBanner problem={problem} />
      {brief ? <Brief brief={brief} /> : problem === null && <p className="text-s text-muted">Reading the room</p>}
      {offered && mayAnswer && (
        <DialogActions>
          <Button isPending={isPending} onClick={() => void answer("decline", offered.role)}>
            Decline {offered.role}
          </Button>
          <Button variant="primary" isPending={isPending} onClick={() => void answer("accept", offered.role)}>
            Accept {offered.role}
          </Button>
        </DialogActions>
      )}
    </Dialog>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="min-w-0">
      <h3 className="mb-1 text-xs font-semibold tracking-[0.06em] text-muted uppercase">{title}</h3>
      {children}
    </section>
  );
}

const none = (text: string) => <p className="text-s text-muted">{text}</p>;

function Brief({ brief }: { brief: BriefView }) {
  return (
    <div className="flex flex-col gap-4 text-s wrap-anywhere">
      <Part title={brief.reference}>
        <p className="text-m font-semibold">{brief.title}</p>
        <p className="mt-1 flex flex-wrap gap-1.5">
          <Tag tone={brief.severity === "SEV1" ? "bad" : "plain"}>{brief.severity ?? "No severity"}</Tag>
          <Tag>{brief.status}</Tag>
          {brief.alertsFiring > 0 && <Tag tone="warn">{brief.alertsFiring} firing</Tag>}
          {brief.services.map((service) => (
            <Tag key={service}>{service}</Tag>
          ))}
        </p>
        <dl className="mt-2 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1">
          <dt className="text-muted">Impact</dt>
          <dd className="whitespace-pre-line">{brief.impact || "Not written yet"}</dd>
          <dt className="text-muted">Theory</dt>
          <dd className="whitespace-pre-line">{brief.theory || "None yet"}</dd>
          {brief.summary && (
            <>
              <dt className="text-muted">Summary</dt>
              <dd className="whitespace-pre-line">{brief.summary}</dd>
            </>
          )}
        </dl>
      </Part>
      <div className="grid gap-4 min-[700px]:grid-cols-2">
        <Part title="Who does what">
          <ul>
            {brief.roles.map(({ role, holder }) => (
              <li key={role}>
                <span className="text-muted">{role}</span> {holder}
              </li>
            ))}
            {brief.missingRoles.map((role) => (
              <li key={role}>
                <span className="text-muted">{role}</span> <b className="font-semibold text-warn">nobody</b>
              </li>
            ))}
          </ul>
          <p className="mt-1 text-muted">Here now: {brief.here.join(", ") || "nobody"}</p>
        </Part>
        <Part title="Open tasks">{brief.tasks.length === 0 ? none("None.") : <Tasks tasks={brief.tasks} />}</Part>
      </div>
      <Part title="Updates">
        <p className="text-muted">
          {brief.nextUpdateDueAt ? (
            <>
              The next one is due at <Time at={brief.nextUpdateDueAt} />.
            </>
          ) : (
            "No next one is promised."
          )}
        </p>
        <ul className="flex flex-col gap-1">
          {brief.updates.map((update) => (
            <li key={update.at}>
              <Time at={update.at} className="mr-2 text-muted" />
              <b className="font-semibold">{update.status}</b> {update.body}
            </li>
          ))}
        </ul>
      </Part>
      <Part title="What happened last">
        <ol>
          {brief.events.map(({ at, text }) => (
            <li key={`${at} ${text}`}>
              <Time at={at} className="mr-2 text-muted" />
              {text}
            </li>
          ))}
        </ol>
      </Part>
    </div>
  );
}

function Tasks({ tasks }: { tasks: BriefView["tasks"] }) {
  return (
    <ul>
      {tasks.map(({ title, owner, dueAt, isOverdue }) => (
        <li key={`${title} ${owner} ${dueAt}`}>
          {title} <span className="text-muted">{owner ?? "nobody"}</span>
          {dueAt && (
            <span className={isOverdue ? "text-bad" : "text-muted"}>
              {isOverdue ? ", over since " : ", due "}
              <Time at={dueAt} />
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
