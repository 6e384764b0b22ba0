"use client";

import { api } from "#/components/api/client.ts";
import { SeverityMark } from "#/components/incidents/severity.tsx";
import { useMe, useRoom } from "#/components/realtime/room/room-provider.tsx";
import { Menu } from "#/components/ui/menu.tsx";
import { isOpen, severities, severityMeanings } from "#/server/incidents/shared/lists.ts";
import { incidentPath } from "./incident-path.ts";
import { useAct } from "./use-act.ts";

/** Shows how bad it is and lets people say otherwise, each choice with its meaning. */
export function SeverityMenu() {
  const { incident } = useRoom().room;
  const { canWrite } = useMe();
  const { act } = useAct();
  const { severity } = incident;
  const mark = severity ? (
    <SeverityMark severity={severity} className="text-s" />
  ) : (
    <span className="text-muted">No severity</span>
  );
  const canChange = canWrite && (isOpen(incident.status) || incident.status === "resolved");
  if (!canChange) return <span className="text-s">{mark}</span>;
  return (
    <Menu
      size="s"
      className="max-[900px]:[&>button]:min-h-11"
      variant={severity === "SEV1" ? "danger" : "plain"}
      label={
        severity ? `Severity ${severity}, ${severityMeanings[severity].name.toLowerCase()}` : "No severity, set it"
      }
      items={severities.map((each) => ({
        label: (
          <>
            <SeverityMark severity={each} /> {severityMeanings[each].name}
          </>
        ),
        hint: severityMeanings[each].meaning,
        isCurrent: each === severity,
        onSelect: () => void act(() => api.patch(incidentPath(incident.id), { severity: each })),
      }))}
    >
      {mark}
      <span aria-hidden="true">▾</span>
    </Menu>
  );
}
