import type { IncidentMode, IncidentStatus, Severity, Visibility } from "#/server/incidents/shared/lists.ts";
import { AppError, refuseField } from "#/server/platform/errors.ts";
import type { PublishUpdateInput } from "./contract.ts";
import {
  type Audience,
  type Channel,
  type Impact,
  PUBLIC_TITLE_LENGTH_MAX,
  type UpdateStatus,
} from "./shared/lists.ts";

/** Statuspage's own ids have this length; 36^12 of them cannot be tried out. */
export const PUBLIC_ID_LENGTH = 12;

/** The public impact of a severity. Pure. */
export function impactOf(severity: Severity | null): Impact {
  if (severity === "SEV1") return "critical";
  return severity === "SEV2" ? "major" : "minor";
}

function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}

/**
 * What an incident is called in public: the name given now, else the last public one, else its components, else
 * *Service incident*. The internal title is no source. Pure.
 */
export function publicTitle(
  given: string | null | undefined,
  last: string | null,
  componentNames: readonly string[],
): string {
  if (given) return given;
  if (last) return last;
  if (componentNames.length === 0) return "Service incident";
  const title = `Incident affecting ${listed(componentNames)}`;
  return title.length <= PUBLIC_TITLE_LENGTH_MAX ? title : `Incident affecting ${componentNames.length} components`;
}

type Publishable = { visibility: Visibility; mode: IncidentMode; status: IncidentStatus };

/** @throws AppError "conflict" when nothing about this incident may be published, or not with this status. Pure. */
export function requirePublishable(incident: Publishable, status: UpdateStatus): void {
  if (incident.visibility === "private") throw new AppError("conflict", "A private incident is not published.");
  if (incident.mode === "drill")
    throw new AppError("conflict", "A drill is not published: drills never leave the building.");
  if (incident.status === "declined" || incident.status === "merged") {
    throw new AppError("conflict", `This incident was ${incident.status}: there is nothing to publish about it.`);
  }
  if ((incident.status === "resolved" || incident.status === "closed") && status !== "resolved") {
    throw new AppError(
      "conflict",
      `This incident is ${incident.status}: reopen it before you publish that it goes on.`,
    );
  }
}

/** @throws AppError "invalid" for parts of an update that contradict each other. Pure. */
export function requireConsistent(input: PublishUpdateInput): void {
  if (input.channels.length === 0 && !input.audiences?.length) refuseField("/channels", "Choose at least one channel.");
  if (input.audience === "internal" && input.channels.includes("status_page")) {
    refuseField("/channels", "An internal update cannot go to the status page.");
  }
  const broken = (input.components ?? []).findIndex((component) => component.status !== "operational");
  if (input.status === "resolved" && broken >= 0) {
    refuseField(`/components/${broken}/status`, "A resolved incident leaves its components operational.");
  }
}

/** Whether the page changes with an update: only public ones that were sent to it are on it. Pure. */
export function isOnPage(update: { audience: Audience; channels: readonly Channel[] }): boolean {
  return update.audience === "public" && update.channels.includes("status_page");
}

/** The first pause after a failed attempt. */
export const BACKOFF_FIRST_MS = 2_000;
/** A server that is back is found again within five minutes. */
export const BACKOFF_MAX_MS = 5 * 60_000;
/** About two and a half hours of trying: later, the news is old. */
export const ATTEMPTS_MAX = 64;
/** A server that asks for more than this is asked again anyway. */
export const RETRY_AFTER_MAX_MS = 60 * 60_000;

/**
 * How long to wait after the n-th attempt (from 1): anything up to a bound that doubles each time, so that many
 * deliveries that failed together do not come back together. The other side's own wish wins. Pure.
 */
export function backoffMs(attempt: number, random: number, retryAfterMs?: number): number {
  if (retryAfterMs !== undefined) return Math.min(Math.max(retryAfterMs, 0), RETRY_AFTER_MAX_MS);
  // Above 2^20 the doubling is far beyond the bound and would only lose precision.
  const bound = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** Math.min(attempt - 1, 20));
  return Math.round(bound * random);
}

/** An address as somebody without business with it sees it: `a…@example.com`. Pure. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf("@");
  return at < 1 ? address : `${address.slice(0, 1)}…${address.slice(at)}`;
}
