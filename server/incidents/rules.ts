import { AppError } from "#/server/platform/errors.ts";
import { type ActiveStatus, activeStatuses, type IncidentStatus, isOpen, type Severity } from "./shared/lists.ts";
import type { IncidentRow } from "./store.ts";

/** What a rule changes of a row; the store writes it with the next version. */
export type IncidentChange = Partial<IncidentRow>;

const words: Record<IncidentStatus, string> = {
  triage: "in triage",
  investigating: "being investigated",
  identified: "identified",
  monitoring: "being monitored",
  resolved: "resolved",
  closed: "closed",
  declined: "declined",
  merged: "merged into another",
};

function refuse(verb: string, status: IncidentStatus): never {
  throw new AppError("conflict", `This incident is ${words[status]}: it cannot be ${verb}.`);
}

/** Triage becomes work. @throws AppError "conflict" outside triage. */
export function accepted(incident: IncidentRow, now: Date, severity?: Severity): IncidentChange {
  if (incident.status !== "triage") refuse("accepted", incident.status);
  return {
    status: "investigating",
    severity: severity ?? incident.severity ?? incident.suggestedSeverity,
    acceptedAt: now,
    acknowledgedAt: incident.acknowledgedAt ?? now,
  };
}

/** `investigating`, `identified` and `monitoring` change freely. @throws AppError "conflict" from any other. */
export function statusChanged(incident: IncidentRow, status: ActiveStatus, now: Date): IncidentChange {
  if (!(activeStatuses as readonly string[]).includes(incident.status)) refuse(`set to ${status}`, incident.status);
  return {
    status,
    ...(status === "monitoring" && !incident.mitigatedAt && { mitigatedAt: now }),
  };
}

/** The end of the work. @throws AppError "conflict" when it is not being worked on. */
export function resolved(incident: IncidentRow, now: Date, summary: string): IncidentChange {
  if (!(activeStatuses as readonly string[]).includes(incident.status)) refuse("resolved", incident.status);
  return {
    status: "resolved",
    resolvedAt: now,
    impactEndedAt: incident.impactEndedAt ?? now,
    nextUpdateDueAt: null,
    ...(summary && { resolution: summary }),
  };
}

/** Back to work, from resolved, closed or declined. @throws AppError "conflict" from any other. */
export function reopened(incident: IncidentRow, now: Date): IncidentChange {
  if (!["resolved", "closed", "declined"].includes(incident.status)) refuse("reopened", incident.status);
  return {
    status: "investigating",
    resolvedAt: null,
    closedAt: null,
    declineReason: null,
    impactEndedAt: null,
    acceptedAt: incident.acceptedAt ?? now,
  };
}

/** Nothing left to do. @throws AppError "conflict" unless resolved. */
export function closed(incident: IncidentRow, now: Date): IncidentChange {
  if (incident.status !== "resolved") refuse("closed before it is resolved", incident.status);
  return { status: "closed", closedAt: now };
}

/** Not an incident. @throws AppError "conflict" outside triage. */
export function declined(incident: IncidentRow, reason: string): IncidentChange {
  if (incident.status !== "triage") refuse("declined", incident.status);
  return { status: "declined", statusBefore: incident.status, declineReason: reason };
}

/** Part of another incident. @throws AppError "conflict" when one of the two is not open, or both are one. */
export function merged(incident: IncidentRow, into: IncidentRow): IncidentChange {
  if (incident.id === into.id) throw new AppError("conflict", "An incident cannot be merged into itself.");
  if (!isOpen(incident.status)) refuse("merged", incident.status);
  if (!isOpen(into.status)) {
    throw new AppError("conflict", `${into.reference} is ${words[into.status]}: nothing can be merged into it.`);
  }
  return { status: "merged", statusBefore: incident.status, mergedIntoId: into.id, nextUpdateDueAt: null };
}

/** On its own again, as it was. @throws AppError "conflict" unless merged. */
export function unmerged(incident: IncidentRow): IncidentChange {
  if (incident.status !== "merged") refuse("unmerged", incident.status);
  return { status: incident.statusBefore ?? "triage", statusBefore: null, mergedIntoId: null };
}
