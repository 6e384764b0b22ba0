import { sha256 } from "#/server/platform/crypto.ts";
import { wellFormed } from "#/server/platform/well-formed.ts";
import { ALERTS_PER_DELIVERY_MAX } from "../shared/lists.ts";
import { type Adapter, fieldsOf, type NormalisedAlert, textOf } from "./adapter.ts";
import { genericJson } from "./generic-json.ts";
import { prometheusAlertmanager } from "./prometheus-alertmanager.ts";

export type { NormalisedAlert } from "./adapter.ts";

const adapters: readonly Adapter[] = [prometheusAlertmanager, genericJson];

/** What a delivery holds: its alerts, and whether its shape is one that the source sends. */
export type ReadDelivery = { alerts: NormalisedAlert[]; recognised: boolean; accepted: number };

/** The alert that stands for a delivery nobody understands, so that it is seen and not lost. */
function unrecognised(source: string, body: unknown): NormalisedAlert {
  const fields = fieldsOf(body) ?? {};
  const shape = Object.keys(fields).sort().join(",") || typeof body;
  const said = textOf(fields, "title", "summary", "message", "subject", "name");
  return {
    status: "firing",
    // One alert for each shape: a sender that surprises us does so at every delivery.
    dedupKey: `unrecognised:${sha256(shape).slice(0, 16)}`,
    title: said ? `Unrecognised delivery: ${said}` : `Unrecognised delivery from ${source}`,
    description: `Fields: ${shape}`.slice(0, 1_000),
    severity: "warning",
    service: textOf(fields, "service"),
    labels: {},
    links: [],
    startsAt: null,
    endsAt: null,
  };
}

/** Reads a parsed body by the rules of its source. Pure; what is not recognised becomes one generic alert. */
export function readDelivery(source: string, parsed: unknown): ReadDelivery {
  const body = wellFormed(parsed);
  const adapter = adapters.find((candidate) => candidate.source === source);
  const items = adapter?.split(body)?.slice(0, ALERTS_PER_DELIVERY_MAX);
  const alerts = items
    ?.map((item) => adapter?.normalise(item))
    .filter((alert) => alert !== null && alert !== undefined);
  if (!alerts || alerts.length === 0) return { alerts: [unrecognised(source, body)], recognised: false, accepted: 0 };
  return { alerts, recognised: true, accepted: alerts.length };
}
