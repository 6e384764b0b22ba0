import Link from "next/link";
import { Tag } from "#/components/ui/tag.tsx";
import { Time } from "#/components/ui/time.tsx";
import type { IntakeView } from "#/server/alerts/contract.ts";
import { ALERT_DELIVERIES_MAX } from "#/server/alerts/shared/lists.ts";

type Props = { intakes: readonly IntakeView[]; canMap: boolean };

/** The deliveries that an alert came by, newest first, each with what was sent. */
export function AlertDeliveries({ intakes, canMap }: Props) {
  if (intakes.length === 0) return <p className="text-muted">Its deliveries are too far back to be shown here.</p>;
  return (
    <>
      <ul aria-label="Deliveries" className="border-b border-line">
        {intakes.map((intake) => (
          <li key={intake.id} className="border-t border-line py-2">
            <details>
              <summary className="min-h-6 cursor-pointer max-md:py-2.5">
                <Time at={intake.receivedAt} format="day-time" /> · {intake.integration.name}{" "}
                {intake.state === "failed" && <Tag tone="bad">Failed</Tag>}
                {!intake.recognised && <Tag tone="warn">Unrecognised</Tag>}
              </summary>
              <pre
                // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard.
                tabIndex={0}
                className="mt-1 max-h-60 overflow-auto rounded-sm border border-line bg-bg px-3 py-2 font-mono text-xs whitespace-pre-wrap break-all"
              >
                {intake.preview || "It had no body."}
              </pre>
              {intake.error && <p className="mt-1 text-bad wrap-anywhere">{intake.error}</p>}
              {canMap && (
                <Link
                  prefetch={false}
                  href={`/settings/integrations/${intake.integration.id}?delivery=${intake.id}`}
                  className="mt-1 inline-block min-h-6 text-accent underline"
                >
                  Map this delivery
                </Link>
              )}
            </details>
          </li>
        ))}
      </ul>
      {intakes.length === ALERT_DELIVERIES_MAX && <p className="mt-1 text-muted">The newest are shown.</p>}
    </>
  );
}
