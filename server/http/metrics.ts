import { Counter, collectDefaultMetrics, Histogram, Registry } from "prom-client";

/** Prometheus' view of one server. */
export type Metrics = {
  registry: Registry;
  requests: Histogram<"method" | "group" | "status">;
  deliveriesReceived: Counter<"source">;
};

/** Seconds; an acknowledgement of an alert has one second (Sentry gives up after it). */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    requests: new Histogram({
      name: "muster_http_request_duration_seconds",
      help: "How long answers take, by the first part of the path",
      labelNames: ["method", "group", "status"],
      buckets: BUCKETS,
      registers: [registry],
    }),
    deliveriesReceived: new Counter({
      name: "muster_deliveries_received_total",
      help: "Inbound deliveries that were acknowledged",
      labelNames: ["source"],
      registers: [registry],
    }),
  };
}
