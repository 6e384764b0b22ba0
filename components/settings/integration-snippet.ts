import type { Source } from "#/server/alerts/shared/lists.ts";

type Snippet = { label: string; text: string };

const snippets: Record<Source, (url: string) => Snippet> = {
  "prometheus-alertmanager": (url) => ({
    label: "For alertmanager.yml",
    text: `route:
  receiver: muster

receivers:
  - name: muster
    webhook_configs:
      - url: "${url}"
        send_resolved: true`,
  }),
  "generic-json": (url) => ({
    label: "To try it",
    text: `curl -X POST '${url}' \\
  -H 'Content-Type: application/json' \\
  -d '{
    "title": "Checkout answers slowly",
    "status": "firing",
    "severity": "warning",
    "service": "checkout",
    "dedupKey": "checkout-latency",
    "description": "p95 above 2 s for 5 minutes"
  }'`,
  }),
};

/** What to paste at the sender, ready to use. */
export function snippetFor(source: string, url: string): Snippet | undefined {
  return snippets[source as Source]?.(url);
}

/** The sources by name, as they are offered. */
export const sourceNames: Record<Source, string> = {
  "prometheus-alertmanager": "Prometheus Alertmanager",
  "generic-json": "Generic JSON: anything that can send a webhook",
};
