"use client";

import { ActButton } from "#/components/api/act-button.tsx";
import { api } from "#/components/api/client.ts";
import { ButtonLink } from "#/components/ui/button.tsx";
import { Tag } from "#/components/ui/tag.tsx";
import { Time } from "#/components/ui/time.tsx";
import type { IntakeView } from "#/server/alerts/contract.ts";
import { Row, Rows } from "./rows.tsx";
import { Subsection } from "./section-page.tsx";
import { useRefreshed } from "./use-refreshed.ts";

/** What came in and was not understood, or could not be processed. It is kept whole. */
export function DeliveriesInbox({ intakes, canChange }: { intakes: readonly IntakeView[]; canChange: boolean }) {
  return (
    <Subsection title="Inbox of deliveries">
      {intakes.length === 0 ? (
        <p className="border-t border-line py-3 text-muted">Everything that came was understood.</p>
      ) : (
        <Rows label="Inbox of deliveries">
          {intakes.map((intake) => (
            <IntakeRow key={intake.id} intake={intake} canChange={canChange} />
          ))}
        </Rows>
      )}
    </Subsection>
  );
}

function IntakeActs({ intake }: { intake: IntakeView }) {
  const refreshed = useRefreshed();
  const path = `/api/v1/deliveries/${intake.id}`;
  const of = `the delivery from ${intake.integration.name}`;
  return (
    <>
      <ButtonLink
        size="s"
        variant="quiet"
        href={`/settings/integrations/${intake.integration.id}?delivery=${intake.id}`}
        aria-label={`Map ${of}`}
      >
        Map
      </ButtonLink>
      <ActButton
        label="Read again"
        name={`Read ${of} again`}
        act={() => refreshed(api.post(`${path}/replay`), "Being read again. What it becomes shows among the alerts.")}
      />
      <ActButton
        label="Dismiss"
        name={`Dismiss ${of}`}
        act={() => refreshed(api.post(`${path}/dismiss`), "Dismissed. It is kept, and no longer shown here.")}
      />
    </>
  );
}

function IntakeRow({ intake, canChange }: { intake: IntakeView; canChange: boolean }) {
  return (
    <Row
      title={intake.integration.name}
      tags={
        <>
          {intake.state === "failed" && <Tag tone="bad">Failed</Tag>}
          {!intake.recognised && <Tag tone="warn">Unrecognised</Tag>}
        </>
      }
      acts={canChange && <IntakeActs intake={intake} />}
      facts={
        <>
          <Time at={intake.receivedAt} format="day-time" />
          {" · "}
          {intake.error ?? "Of a shape this source is not known to send; raised as a generic alert."}
        </>
      }
    >
      {intake.preview && (
        <details className="mt-1">
          <summary className="min-h-6 text-s text-accent">What was sent</summary>
          <pre className="mt-1 max-h-60 overflow-auto rounded-sm border border-line bg-bg px-3 py-2 font-mono text-xs whitespace-pre-wrap break-all">
            {intake.preview}
          </pre>
        </details>
      )}
    </Row>
  );
}
