import type { IncidentMode, IncidentStatus, Severity, Visibility } from "#/server/incidents/shared/lists.ts";
import { AppError, refuseField } from "#/server/platform/errors.ts";
import type { PublishUpdateInput } from "./contract.ts";
import { listed } from "./shared/fill-template.ts";
import {
  type Audience,
  type Channel,
  type Impact,
  NEXT_UPDATE_DAYS_MAX,
  PUBLIC_TITLE_LENGTH_MAX,
  UPDATE_BODY_LENGTH_MAX,
  type UpdateStatus,
  type Wordings,
} from "./shared/lists.ts";
import { withNextUpdate } from "./shared/next-update.ts";
import { withDataLoss } from "./shared/words.ts";

/** Statuspage's own ids have this length; 36^12 of them cannot be tried out. */
export const PUBLIC_ID_LENGTH = 12;

/** The public impact of a severity. Pure. */
export function impactOf(severity: Severity | null): Impact {
  if (severity === "SEV1") return "critical";
  return severity === "SEV2" ? "major" : "minor";
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

const DAY_MS = 24 * 60 * 60_000;

function requireNextUpdate(input: PublishUpdateInput, now: Date): void {
  if (!input.nextUpdateAt) return;
  if (input.status === "resolved") refuseField("/nextUpdateAt", "A resolved incident has no next update.");
  const inMs = Date.parse(input.nextUpdateAt) - now.getTime();
  if (inMs <= 0) refuseField("/nextUpdateAt", "The next update has to lie in the future.");
  if (inMs > NEXT_UPDATE_DAYS_MAX * DAY_MS) {
    refuseField("/nextUpdateAt", `The next update has to come within ${NEXT_UPDATE_DAYS_MAX} days.`);
  }
}

/** @throws AppError "invalid" for parts of an update that contradict each other. Pure. */
export function requireConsistent(input: PublishUpdateInput, now: Date): void {
  requireNextUpdate(input, now);
  if (input.channels.length === 0 && !input.audiences?.length) refuseField("/channels", "Choose at least one channel.");
  for (const channel of Object.keys(input.wordings ?? {})) {
    if (!(input.channels as readonly string[]).includes(channel)) {
      refuseField(`/wordings/${channel}`, "These words are for a channel that the update does not go to.");
    }
  }
  if (input.audience === "internal" && input.channels.includes("status_page")) {
    refuseField("/channels", "An internal update cannot go to the status page.");
  }
  const worked = (input.components ?? []).findIndex((component) => component.status === "under_maintenance");
  if (input.status === "resolved" && worked >= 0) {
    refuseField(`/components/${worked}/status`, "A resolved incident leaves nothing under maintenance: schedule one.");
  }
  if (input.dataLost && input.status !== "resolved") {
    refuseField("/dataLost", "Whether data was lost is said when the incident is resolved.");
  }
  if (withDataLoss(input.body, input.dataLost).length > UPDATE_BODY_LENGTH_MAX) {
    refuseField("/body", `With what it says of data it is longer than ${UPDATE_BODY_LENGTH_MAX} characters.`);
  }
}

type Ends = Pick<PublishUpdateInput, "nextUpdateAt" | "dataLost">;

/** A text as readers get it, with the sentences about the next update and about data at its end. Pure. */
export function wholeText(text: string, { nextUpdateAt, dataLost }: Ends, now: Date): string {
  return withDataLoss(withNextUpdate(text, nextUpdateAt ? new Date(nextUpdateAt) : null, now), dataLost);
}

type Words = { body: string; wordings: Wordings };

/** What an update says on the channels: its whole texts. @throws AppError "invalid" when one is too long. Pure. */
export function finalWords(input: Pick<PublishUpdateInput, "body" | "wordings"> & Ends, now: Date): Words {
  const fitted = (text: string, pointer: string) => {
    const said = wholeText(text, input, now);
    const over = said.length - UPDATE_BODY_LENGTH_MAX;
    if (over > 0) refuseField(pointer, `With what is said at its end it is ${over} characters too long.`);
    return said;
  };
  const wordings = Object.entries(input.wordings ?? {}).map(([channel, text]) => [
    channel,
    fitted(text, `/wordings/${channel}`),
  ]);
  return { body: fitted(input.body, "/body"), wordings: Object.fromEntries(wordings) };
}

type Seen = { updateId: string | null; status: IncidentStatus; severity: Severity | null };

/** What changed since somebody saw it, in words; empty when nothing did. Pure. */
export function changesSince(seen: Seen, now: Seen): string[] {
  const changes: string[] = [];
  if (seen.updateId !== now.updateId) changes.push("another update was published");
  if (seen.status !== now.status) changes.push(`the status is ${now.status}`);
  if (seen.severity !== now.severity) changes.push(`the severity is ${now.severity ?? "open"}`);
  return changes;
}

/** @throws AppError "stale" when something changed that the writer has not seen. Pure. */
export function requireSeen(seen: Seen | undefined, now: Seen): void {
  const changes = seen ? changesSince(seen, now) : [];
  if (changes.length === 0) return;
  throw new AppError(
    "stale",
    `Nothing was published, because something changed meanwhile: ${listed(changes)}. Look at it, then publish.`,
  );
}

/** Whether the page changes with an update: only public ones that were sent to it are on it. Pure. */
export function isOnPage(update: { audience: Audience; channels: readonly Channel[] }): boolean {
  return update.audience === "public" && update.channels.includes("status_page");
}

/** The first pause after a failed attempt. */
export const BACKOFF_FIRST_MS = 2_000;
/** A server that is back is found again within five minutes. */
export const BACKOFF_MAX_MS = 5 * 60_000;
/** One recipient whose mail server puts us off, as greylisting does, is asked more rarely: it concerns nobody else. */
export const RECIPIENT_BACKOFF_MAX_MS = 30 * 60_000;
/** While a whole service is away one look at it costs nothing: what waits is out within five minutes of its return. */
export const SERVICE_BACKOFF_MAX_MS = 2 * 60_000;
/** A server that asks for more than this is asked again anyway. */
export const RETRY_AFTER_MAX_MS = 60 * 60_000;
/** After a day of trying the news is history: somebody has to look. */
export const GIVE_UP_AFTER_MS = 24 * 3_600_000;

/**
 * How long to wait after the n-th attempt (from 1): anything up to a bound that doubles each time, so that many
 * deliveries that failed together do not come back together. Pure.
 */
export function backoffMs(attempt: number, random: number, boundMaxMs = BACKOFF_MAX_MS): number {
  // Above 2^20 the doubling is far beyond the bound and would only lose precision.
  const bound = Math.min(boundMaxMs, BACKOFF_FIRST_MS * 2 ** Math.min(Math.max(attempt, 1) - 1, 20));
  return Math.round(bound * random);
}

/** The other side's own wish to wait, within reason. Pure. */
export function wishedMs(retryAfterMs: number): number {
  return Math.min(Math.max(retryAfterMs, 0), RETRY_AFTER_MAX_MS);
}

/** An address as somebody without business with it sees it: `a…@example.com`. Pure. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf("@");
  return at < 1 ? address : `${address.slice(0, 1)}…${address.slice(at)}`;
}
