import { sha256 } from "#/server/platform/crypto.ts";
import { type Adapter, fieldsOf, labelsOf, linkOf, severityOf, textOf, timeOf } from "./adapter.ts";

const RESOLVED_WORDS = ["resolved", "resolve", "ok", "closed", "recovered", "recovery", "up", "success", "inactive"];
const TITLE_FIELDS = ["title", "summary", "message", "name", "alertname", "subject"];

function isAlert(value: unknown): boolean {
  const fields = fieldsOf(value);
  return fields !== undefined && textOf(fields, ...TITLE_FIELDS) !== null;
}

/**
 * Our own plain shape: `{title, status?, severity?, service?, dedupKey?, description?, url?, labels?, startsAt?}`,
 * one object, a list of them, or `{alerts: [...]}`. Close names of the same fields are taken too.
 */
export const genericJson: Adapter = {
  source: "generic-json",
  split(body) {
    const nested = fieldsOf(body)?.alerts;
    const list = Array.isArray(body) ? body : Array.isArray(nested) ? nested : [body];
    return list.length > 0 && list.every(isAlert) ? list : null;
  },
  normalise(item) {
    const fields = fieldsOf(item);
    const title = fields && textOf(fields, ...TITLE_FIELDS);
    if (!fields || !title) return null;
    const service = textOf(fields, "service", "component", "app");
    const state = textOf(fields, "status", "state", "action", "event_action")?.toLowerCase() ?? "firing";
    return {
      status: RESOLVED_WORDS.includes(state) ? "resolved" : "firing",
      dedupKey:
        textOf(fields, "dedupKey", "dedup_key", "fingerprint", "alias", "id") ??
        sha256(`${title}\n${service}`).slice(0, 16),
      title,
      description: textOf(fields, "description", "details", "body") ?? "",
      severity: severityOf(textOf(fields, "severity", "priority", "level")),
      service,
      labels: labelsOf(fields.labels ?? fields.tags),
      links: linkOf("source", "Source", textOf(fields, "url", "link", "source_url")),
      startsAt: timeOf(fields.startsAt ?? fields.starts_at ?? fields.timestamp),
      endsAt: timeOf(fields.endsAt ?? fields.ends_at),
    };
  },
};
