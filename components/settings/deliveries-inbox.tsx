import { Tag } from "#/components/ui/tag.tsx";
import { Time } from "#/components/ui/time.tsx";
import type { IntakeView } from "#/server/alerts/contract.ts";
import { Row, Rows } from "./rows.tsx";
import { Subsection } from "./section-page.tsx";

/** What came in and was not understood, or could not be processed. It is kept whole. */
export function DeliveriesInbox({ intakes }: { intakes: readonly IntakeView[] }) {
  return (
    <Subsection title="Inbox of deliveries">
      {intakes.length === 0 ? (
        <p className="border-t border-line py-3 text-muted">Everything that came was understood.</p>
      ) : (
        <Rows label="Inbox of deliveries">
          {intakes.map((intake) => (
            <IntakeRow key={intake.id} intake={intake} />
          ))}
        </Rows>
      )}
    </Subsection>
  );
}

function IntakeRow({ intake }: { intake: IntakeView }) {
  return (
    <Row
      title={intake.integration.name}
      tags={
        <>
          {intake.state === "failed" && <Tag tone="bad">Failed</Tag>}
          {!intake.recognised && <Tag tone="warn">Unrecognised</Tag>}
        </>
      }
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
