"use client";

import type { ReactNode } from "react";
import { api } from "#/components/api/client.ts";
import { useMe, useRoom } from "#/components/realtime/room/room-provider.tsx";
import { EditableText } from "#/components/room/editable-text.tsx";
import { incidentPath } from "#/components/room/incident-path.ts";
import { Panel } from "#/components/room/panel.tsx";
import { Duration, Time } from "#/components/ui/time.tsx";
import { PROSE_LENGTH_MAX } from "#/server/incidents/shared/lists.ts";
import { AffectedServices } from "./affected-services.tsx";
import { LinksField } from "./links-field.tsx";
import { ServicesField } from "./services-field.tsx";
import { SlackChannel } from "./slack-channel.tsx";
import { SummaryField } from "./summary-field.tsx";

/** What is known, on one card: everyone reads it first and anyone may correct it. */
export function StatusBoard({ className }: { className?: string | undefined }) {
  const { incident, chat } = useRoom().room;
  const { canWrite } = useMe();
  const path = incidentPath(incident.id);
  const prose = { lengthMax: PROSE_LENGTH_MAX, canEdit: canWrite };
  return (
    <Panel name="Status board" className={className}>
      <SummaryField incidentId={incident.id} summary={incident.summary} />
      <div className="mt-3">
        <Row label="Impact">
          <EditableText
            {...prose}
            label="Impact"
            value={incident.impactText}
            placeholder="Who is affected, and how?"
            onSave={(impactText) => api.patch(path, { impactText })}
          />
        </Row>
        <Row label="Theory">
          <EditableText
            {...prose}
            label="Theory"
            value={incident.hypothesis}
            placeholder="What do we think it is?"
            onSave={(hypothesis) => api.patch(path, { hypothesis })}
          />
        </Row>
        <Row label="Services">
          <ServicesField path={path} services={incident.services} canEdit={canWrite} />
          <AffectedServices />
        </Row>
        <Row label="Links">
          <LinksField path={path} links={incident.links} canEdit={canWrite} />
        </Row>
        {(chat.channel || chat.canOpen) && (
          <Row label="Slack">
            <SlackChannel />
          </Row>
        )}
        <Row label="Lasts">
          <Duration from={incident.times.impactStartedAt ?? incident.declaredAt} to={incident.resolvedAt} />
          <span className="text-muted">
            {" "}
            since <Time at={incident.times.impactStartedAt ?? incident.declaredAt} format="day-time" />
          </span>
        </Row>
      </div>
    </Panel>
  );
}

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[72px_minmax(0,1fr)] items-baseline gap-2 py-[5px] text-s">
      <span className="text-muted">{label}</span>
      <div className="flex min-w-0 flex-wrap items-baseline gap-1">{children}</div>
    </div>
  );
}
