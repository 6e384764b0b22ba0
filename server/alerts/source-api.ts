import type { AlertLink } from "#/db/schema/index.ts";
import type { Endpoints, OutsideRequest } from "#/server/notify/index.ts";

/** What is asked of, or told to, the sender of an alert; `name` is for people. */
export type SourceCall = { name: string; request: OutsideRequest; done: readonly number[] };
export type SourceSubject = {
  source: string;
  dedupKey: string;
  links: readonly AlertLink[];
  labels: Readonly<Record<string, string>>;
};
/** The secrets of its integration, opened. */
export type SourceSecrets = { sourceToken: string | null; forwardUrl: string | null };
/** Who ended it, for the sender's own log. */
export type EndedBy = { name: string; email: string | null; reason: string; now: Date };

const PAGERDUTY_ID = /^[A-Z0-9]{6,20}$/;
/** How long Alertmanager keeps still about what was declined: long enough for a shift, short enough to hear again. */
const SILENCE_MS = 4 * 3_600_000;

function idInLinks(links: readonly AlertLink[], pattern: RegExp): string | undefined {
  return links.map((link) => pattern.exec(link.url)?.[1]).find(Boolean);
}

/** PagerDuty's id of the incident that an alert stands for; undefined when it says none. Pure. */
export function pagerDutyIdOf({ links, dedupKey }: SourceSubject): string | undefined {
  return (
    idInLinks(links, /\/incidents\/([A-Z0-9]{6,20})(?:[/?#]|$)/) ?? (PAGERDUTY_ID.test(dedupKey) ? dedupKey : undefined)
  );
}

/** Sentry's id of the issue that an alert stands for. Pure. */
export function sentryIdOf({ links, dedupKey }: SourceSubject): string | undefined {
  return idInLinks(links, /\/issues\/(\d{1,20})(?:[/?#]|$)/) ?? (/^\d{1,20}$/.test(dedupKey) ? dedupKey : undefined);
}

function json(method: string, url: string, headers: Record<string, string>, body: unknown): OutsideRequest {
  return { method, url, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}

function endAtPagerDuty(endpoints: Endpoints, alert: SourceSubject, token: string, by: EndedBy): SourceCall | null {
  const id = pagerDutyIdOf(alert);
  if (!id) return null;
  const body = { incidents: [{ id, type: "incident_reference", status: "resolved" }] };
  const headers = { authorization: `Token token=${token}`, ...(by.email && { from: by.email }) };
  return {
    name: `PagerDuty ${id}`,
    request: json("PUT", `${endpoints.pagerdutyApi.us}/incidents`, headers, body),
    done: [],
  };
}

/** What was passed on to PagerDuty is open there under the same key: the key of the passing-on ends it, too. */
function endWhereForwarded(alert: SourceSubject, forwardUrl: string): SourceCall | null {
  const url = URL.canParse(forwardUrl) ? new URL(forwardUrl) : undefined;
  const key = url ? new URLSearchParams(url.hash.slice(1)).get("routing_key") : null;
  if (!url || !key) return null;
  url.hash = "";
  const event = { routing_key: key, event_action: "resolve", dedup_key: alert.dedupKey };
  return {
    name: "PagerDuty",
    request: json("POST", url.href.replaceAll("%7Bpath%7D", "v2/enqueue"), {}, event),
    done: [],
  };
}

function endAtOpsgenie(endpoints: Endpoints, alert: SourceSubject, token: string, by: EndedBy): SourceCall {
  const url = `${endpoints.opsgenie.us}/v2/alerts/${encodeURIComponent(alert.dedupKey)}/close?identifierType=alias`;
  const body = { source: "Muster", user: by.name.slice(0, 100), note: by.reason.slice(0, 500) };
  // What is closed or gone there needs no end.
  return { name: "Opsgenie", request: json("POST", url, { authorization: `GenieKey ${token}` }, body), done: [404] };
}

function silenceAtAlertmanager(alert: SourceSubject, address: string, by: EndedBy): SourceCall | null {
  const base = URL.canParse(address) ? new URL(address) : undefined;
  const names = Object.keys(alert.labels).sort();
  // A silence without matchers would be one of everything.
  if (!base || !/^https?:$/.test(base.protocol) || names.length === 0) return null;
  const { username, password } = base;
  const basic = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString("base64");
  base.username = "";
  base.password = "";
  const silence = {
    matchers: names.map((name) => ({ name, value: alert.labels[name], isRegex: false, isEqual: true })),
    startsAt: by.now.toISOString(),
    endsAt: new Date(by.now.getTime() + SILENCE_MS).toISOString(),
    createdBy: by.name,
    comment: by.reason,
  };
  const url = `${base.href.replace(/\/+$/, "")}/api/v2/silences`;
  const headers = username ? { authorization: `Basic ${basic}` } : {};
  return {
    name: "Alertmanager (silence)",
    request: json("POST", url, headers as Record<string, string>, silence),
    done: [],
  };
}

/** How the sender of an alert is told that it is over; null when nothing can be told with what is known. Pure. */
export function endAtSource(
  endpoints: Endpoints,
  alert: SourceSubject,
  { sourceToken, forwardUrl }: SourceSecrets,
  by: EndedBy,
): SourceCall | null {
  if (sourceToken && alert.source.startsWith("pagerduty-webhooks")) {
    return endAtPagerDuty(endpoints, alert, sourceToken, by);
  }
  if (sourceToken && alert.source.startsWith("opsgenie")) return endAtOpsgenie(endpoints, alert, sourceToken, by);
  if (sourceToken && alert.source.startsWith("prometheus-alertmanager")) {
    return silenceAtAlertmanager(alert, sourceToken, by);
  }
  return forwardUrl && alert.source.startsWith("pagerduty") ? endWhereForwarded(alert, forwardUrl) : null;
}

/** What is asked about an alert, in order; empty when its sender has no API that is known here. Pure. */
export function detailCalls(endpoints: Endpoints, alert: SourceSubject, token: string): SourceCall[] {
  if (alert.source.startsWith("pagerduty-webhooks")) {
    const id = pagerDutyIdOf(alert);
    const headers = { authorization: `Token token=${token}`, accept: "application/json" };
    const url = `${endpoints.pagerdutyApi.us}/incidents/${id}`;
    const call = (path: string) => ({
      name: "PagerDuty",
      request: { method: "GET", url: `${url}${path}`, headers },
      done: [],
    });
    return id ? [call(""), call("/alerts?limit=5")] : [];
  }
  if (alert.source.startsWith("sentry")) {
    const id = sentryIdOf(alert);
    const headers = { authorization: `Bearer ${token}`, accept: "application/json" };
    const url = `${endpoints.sentry}/api/0/issues/${id}/events/latest/`;
    return id ? [{ name: "Sentry", request: { method: "GET", url, headers }, done: [] }] : [];
  }
  return [];
}
