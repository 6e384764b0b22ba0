"use client";

import { type FormEvent, useState } from "react";
import { api } from "#/components/api/client.ts";
import { ProblemBanner } from "#/components/api/problem-banner.tsx";
import { useSubmit } from "#/components/api/use-submit.ts";
import { Button } from "#/components/ui/button.tsx";
import { TextField } from "#/components/ui/field.tsx";
import type { PostmortemView } from "#/server/postmortem/contract.ts";
import { utcTime } from "#/server/postmortem/shared/format.ts";

type Props = { incident: PostmortemView["incident"]; onSaved: () => Promise<void> };

/** Asks for the one instant that the record cannot know: detection, mitigation and resolution are measured from it. */
export function ImpactStart({ incident, onSaved }: Props) {
  const [isOther, setOther] = useState(false);
  const known = incident.firstAlertAt ?? incident.declaredAt;
  const knownName = incident.firstAlertAt ? "the first alert" : "the declaration";
  const { run, isPending, problem } = useSubmit(async (impactStartedAt: string) => {
    await api.patch(`/api/v1/incidents/${incident.id}`, { times: { impactStartedAt } });
    await onSaved();
  });
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const value = new FormData(event.currentTarget).get("at");
    if (typeof value === "string" && value) run(new Date(`${value}Z`).toISOString());
  }
  const time = utcTime(new Date(known));
  return (
    <section
      aria-label="Impact start"
      className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md border border-warn/45 bg-warn-bg px-3.5 py-2.5 text-s"
    >
      <p className="min-w-60 grow basis-0 font-[550]">
        When did the impact start? The record knows only {knownName}, {time} UTC.
      </p>
      <div className="flex flex-wrap gap-2">
        <Button isPending={isPending} onClick={() => run(known)}>
          {time}, {knownName}
        </Button>
        <Button aria-expanded={isOther} onClick={() => setOther(!isOther)}>
          Other
        </Button>
      </div>
      {isOther && (
        <form onSubmit={submit} className="flex w-full flex-wrap items-end gap-2">
          <TextField
            label="Impact started (UTC)"
            type="datetime-local"
            name="at"
            required
            defaultValue={known.slice(0, 16)}
            max={known.slice(0, 16)}
          />
          <Button type="submit" isPending={isPending}>
            Set
          </Button>
        </form>
      )}
      {problem !== null && (
        <div className="w-full">
          <ProblemBanner problem={problem} />
        </div>
      )}
    </section>
  );
}
