"use client";

import { useRouter } from "next/navigation";
import { api } from "#/components/api/client.ts";
import { ProblemBanner } from "#/components/api/problem-banner.tsx";
import { useSubmit } from "#/components/api/use-submit.ts";
import { Button } from "#/components/ui/button.tsx";
import { EmptyState } from "#/components/ui/empty-state.tsx";
import { TabLinks } from "#/components/ui/tabs.tsx";
import { postmortemPath } from "./use-postmortem.ts";

type Props = {
  incident: { reference: string; title: string; status: string };
  canWrite: boolean;
};

const withoutOne = ["triage", "declined", "merged"];

/** The page while there is no postmortem: why, and how to have one. */
export function OpenPostmortem({ incident, canWrite }: Props) {
  const router = useRouter();
  const { run, isPending, problem } = useSubmit(async () => {
    await api.post(postmortemPath(incident.reference));
    router.refresh();
  });
  const room = `/incidents/${incident.reference}`;
  const isPossible = !withoutOne.includes(incident.status);
  return (
    <main className="mx-auto flex max-w-2xl flex-col gap-5 px-6 py-8 max-md:px-4">
      <div className="flex flex-wrap items-center gap-4">
        <span className="font-mono text-s font-semibold text-muted">{incident.reference}</span>
        <TabLinks
          label="Incident"
          tabs={[
            { href: room, label: "Room" },
            { href: `${room}/postmortem`, label: "Postmortem" },
          ]}
        />
      </div>
      <h1 className="text-xl font-semibold">{incident.title}</h1>
      <EmptyState
        title="There is no postmortem yet"
        {...(isPossible &&
          canWrite && {
            action: (
              <Button variant="primary" isPending={isPending} onClick={run}>
                Open postmortem
              </Button>
            ),
          })}
      >
        {isPossible
          ? "It opens by itself when the incident is resolved, filled with the timeline, roster, alerts and updates. You can open it earlier; what happens after that is not filled in, but can be inserted from the record."
          : "Only an accepted incident has one."}
      </EmptyState>
      <ProblemBanner problem={problem} />
    </main>
  );
}
