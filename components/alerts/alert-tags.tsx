import { Tag } from "#/components/ui/tag.tsx";
import type { AlertView } from "#/server/alerts/contract.ts";
import { detailsFrom } from "./alert-words.ts";

/** What is special about an alert, in a word each. */
export function AlertTags({ alert }: { alert: AlertView }) {
  return (
    <>
      {alert.heldFor && <Tag tone="warn">Held after {alert.heldFor.reference}</Tag>}
      {alert.flapping && <Tag tone="warn">Flapping{alert.flaps > 0 && ` ×${alert.flaps}`}</Tag>}
      {!alert.recognised && <Tag tone="warn">Unrecognised</Tag>}
      {alert.details?.state === "fetched" && <Tag>Details from {detailsFrom(alert.source)}</Tag>}
    </>
  );
}
