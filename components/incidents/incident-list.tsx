"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useRef, useState } from "react";
import { useListFacts } from "#/components/realtime/use-list-facts.ts";
import type { AlertView } from "#/server/alerts/contract.ts";
import type { IncidentView } from "#/server/incidents/contract.ts";
import { IncidentRow } from "./incident-row.tsx";
import { inSections, type ListFilters, withHeard } from "./list-rules.ts";
import { TriageCard } from "./triage-card.tsx";
import { useTriageKeys } from "./use-triage-keys.ts";

type Props = {
  initial: readonly IncidentView[];
  /** Alerts of the triage incidents, by incident id. */
  alerts: Readonly<Record<string, AlertView[]>>;
  filters: ListFilters;
  canDecide: boolean;
  /** Shown instead of an empty list. */
  empty: ReactNode;
};

/** Every incident there is to see, live: what needs a decision first. */
export function IncidentList({ initial, alerts, filters, canDecide, empty }: Props) {
  const router = useRouter();
  const [heard, setHeard] = useState<ReadonlyMap<string, IncidentView>>(new Map());
  useListFacts(
    (incident) => setHeard((before) => new Map(before).set(incident.id, incident)),
    () => router.refresh(),
  );
  const triageList = useRef<HTMLDivElement>(null);
  useTriageKeys(triageList);
  const { triage, active, recent } = inSections(withHeard(initial, heard, filters));
  if (triage.length + active.length + recent.length === 0) return empty;
  return (
    <div className="flex flex-col gap-7">
      {triage.length > 0 && (
        <Section title="Triage" hint="needs a decision">
          <div ref={triageList} className="flex flex-col gap-2.5">
            {triage.map((incident) => (
              <TriageCard key={incident.id} incident={incident} alerts={alerts[incident.id]} canDecide={canDecide} />
            ))}
          </div>
        </Section>
      )}
      <Rows title="Active" incidents={active} none="Nothing is being worked on." />
      <Rows title="Recent" incidents={recent} />
    </div>
  );
}

function Section({ title, hint, children }: { title: string; hint?: string | undefined; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h2 className="mb-2.5 text-xs font-semibold tracking-[.06em] text-muted uppercase">
        {title}
        {hint && <span className="ml-1.5 font-medium tracking-normal text-faint normal-case">{hint}</span>}
      </h2>
      {children}
    </section>
  );
}

type RowsProps = { title: string; incidents: readonly IncidentView[]; none?: string };

function Rows({ title, incidents, none }: RowsProps) {
  if (incidents.length === 0 && !none) return null;
  return (
    <Section title={title} hint={title === "Active" && incidents.length > 0 ? String(incidents.length) : undefined}>
      {incidents.length === 0 ? (
        <p className="border-t border-line py-3 text-muted">{none}</p>
      ) : (
        <ul className="border-b border-line">
          {incidents.map((incident) => (
            <IncidentRow key={incident.id} incident={incident} />
          ))}
        </ul>
      )}
    </Section>
  );
}
