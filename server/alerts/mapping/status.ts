import type { AlertReport } from "../report.ts";

const ENDS = [
  "resolved",
  "resolve",
  "ok",
  "closed",
  "close",
  "recovered",
  "recovery",
  "recovers",
  "up",
  "success",
  "successful",
  "succeeded",
  "passed",
  "passing",
  "fixed",
  "inactive",
  "normal",
  "cleared",
  "clear",
  "green",
  "available",
  "operational",
  "healthy",
  "completed",
  "cancelled",
  "canceled",
  "deactivated",
  "end",
  "ended",
  "reporting",
  "dismissed",
];
const ACKNOWLEDGES = ["acknowledged", "acknowledge", "acknowledgement", "ack", "acked"];

/** What a sender's word for the state of a problem means; a word that nobody knows, and none at all, is firing. */
export function statusOf(word: string | null): AlertReport["status"] {
  const lower = word?.trim().toLowerCase() ?? "";
  if (ENDS.includes(lower)) return "resolved";
  return ACKNOWLEDGES.includes(lower) ? "acknowledged" : "firing";
}

const FAILS = [
  "failed",
  "failure",
  "fail",
  "error",
  "errored",
  "broken",
  "timed_out",
  "timedout",
  "aborted",
  "rejected",
];

/** Whether a word for the outcome of a deploy or a run says that it went wrong. */
export function saysFailure(word: string | null): boolean {
  return FAILS.includes(word?.trim().toLowerCase() ?? "");
}
