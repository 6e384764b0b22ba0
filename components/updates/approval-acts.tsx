"use client";

import { type ReactNode, useState } from "react";
import { api, fieldProblem } from "#/components/api/client.ts";
import { ProblemBanner } from "#/components/api/problem-banner.tsx";
import { useSubmit } from "#/components/api/use-submit.ts";
import { useRoom } from "#/components/realtime/room/room-provider.tsx";
import { incidentPath } from "#/components/room/incident-path.ts";
import { Button } from "#/components/ui/button.tsx";
import { serverNow } from "#/components/ui/clock.tsx";
import { toast } from "#/components/ui/toasts.tsx";
import type { PublishUpdateInput } from "#/server/updates/contract.ts";
import type { PlannedUpdateView } from "#/server/updates/planned/contract.ts";
import { useApprovalNeeded } from "./approval-needed.ts";
import { ScheduleField } from "./schedule-field.tsx";
import { likelyTime } from "./schedule-times.ts";

type Props = {
  /** What would be published at an instant, in milliseconds since 1970; null is now. */
  input: (at: number | null) => PublishUpdateInput;
  audience: "public" | "internal";
  isDisabled: boolean;
  /** It waits now, or is out: the text is not the composer's any more. */
  onPlanned: () => void;
  /** The press that publishes at once: there while nobody has to agree first, and no time is being chosen. */
  children: ReactNode;
};

const said: Partial<Record<PlannedUpdateView["state"], string>> = {
  waiting: "Asked for approval. The room shows how it stands.",
  scheduled: "Scheduled. The room shows when it goes out.",
  published: "Published.",
};

/** The ways out of the composer, one of them the likely one: at once, after somebody agreed, or at a time. */
export function PlanActs({ input, audience, isDisabled, onPlanned, children }: Props) {
  const { incident } = useRoom().room;
  const needed = useApprovalNeeded(audience);
  const [at, setAt] = useState<number | null>(null);
  const [isScheduling, setScheduling] = useState(false);
  const plan = useSubmit(async (publishAt: number | null) => {
    const body = {
      update: input(publishAt),
      ...(publishAt !== null && { publishAt: new Date(publishAt).toISOString() }),
    };
    const made = await api.post<PlannedUpdateView>(incidentPath(incident.id, "planned-updates"), body);
    toast(said[made.state] ?? "It waits in the room.");
    onPlanned();
  });
  const schedule = () => at !== null && !isDisabled && void plan.run(at);
  function toggle(): void {
    setAt(likelyTime(serverNow()));
    setScheduling(!isScheduling);
  }
  return (
    <>
      <Button aria-expanded={isScheduling} onClick={toggle}>
        Schedule
      </Button>
      {needed.isNeeded && !isScheduling && (
        <Button variant="primary" isPending={plan.isPending} disabled={isDisabled} onClick={() => void plan.run(null)}>
          {needed.ask}
        </Button>
      )}
      {!needed.isNeeded && !isScheduling && children}
      {(isScheduling || plan.problem !== null) && (
        <div className="order-first flex w-full flex-col gap-2">
          <ProblemBanner problem={plan.problem} />
          {isScheduling && (
            <div className="flex flex-wrap items-end justify-between gap-x-3 gap-y-2 rounded-md border border-line p-3">
              <ScheduleField
                value={at}
                onChange={setAt}
                onEnter={schedule}
                error={fieldProblem(plan.problem, "/publishAt")}
              />
              <Button
                variant="primary"
                className="max-md:w-full md:mb-6"
                isPending={plan.isPending}
                disabled={isDisabled || at === null}
                onClick={schedule}
              >
                {needed.isNeeded ? "Ask and schedule" : "Schedule update"}
              </Button>
            </div>
          )}
        </div>
      )}
    </>
  );
}
