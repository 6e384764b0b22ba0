import { randomUUID } from "node:crypto";
import type { Context } from "hono";
import { type AlertRow, type IntegrationRow, tinyIdOf } from "#/server/alerts/index.ts";
import { type AppError, errorStatuses } from "#/server/platform/errors.ts";
import type { ApiEnv } from "../api.ts";
import { type Ingest, integrationOfHeader, keyInAuthorization, retryHeaders } from "./ingest.ts";

/** @throws AppError "unauthenticated" */
export function opsgenieIntegration(ingest: Ingest, c: Context<ApiEnv>): Promise<IntegrationRow> {
  return integrationOfHeader(
    ingest,
    keyInAuthorization(c.req.header("authorization"), ["geniekey", "basic", "bearer"]),
  );
}

/** Opsgenie's words for how bad it is. */
export const PRIORITIES = { critical: "P1", error: "P2", warning: "P3", info: "P5" } as const;

function secondsSince(startMs: number): number {
  return Math.round(performance.now() - startMs) / 1_000;
}

function headersOf(requestId: string, took: number): Record<string, string> {
  return { "x-request-id": requestId, "x-response-time": String(took) };
}

/** `202`: what was asked for is stored, and will be done. */
export function answerAccepted(
  c: Context<ApiEnv>,
  startMs: number,
  requestId: string,
  result = "Request will be processed",
) {
  const took = secondsSince(startMs);
  return c.json({ result, took, requestId }, 202, headersOf(requestId, took));
}

export function answerData(
  c: Context<ApiEnv>,
  startMs: number,
  data: unknown,
  extra: object = {},
  status: 200 | 201 = 200,
) {
  const took = secondsSince(startMs);
  const requestId = c.var.requestId ?? randomUUID();
  return c.json({ data, ...extra, took, requestId }, status, headersOf(requestId, took));
}

/** Opsgenie's clients read `message`, and `errors` by field. */
export function answerOpsgenieError(c: Context<ApiEnv>, error: AppError): Response {
  const requestId = c.var.requestId ?? randomUUID();
  const errors = Object.fromEntries(error.errors.map(({ pointer, detail }) => [pointer.replace(/^\//, ""), detail]));
  const body = {
    message: error.code === "unauthenticated" ? `Key format is not valid! ${error.message}` : error.message,
    ...(error.errors.length > 0 && { errors }),
    took: 0,
    requestId,
  };
  return c.json(body, errorStatuses[error.code] as 400, { ...headersOf(requestId, 0), ...retryHeaders(error) });
}

/** An alert in the words of Opsgenie. */
export function opsgenieAlert(alert: AlertRow, integration: { id: string; name: string }) {
  const entries = Object.entries(alert.labels);
  const tags = entries.flatMap(([name, value]) => (value === "true" ? [name] : []));
  const details = Object.fromEntries(entries.filter(([name, value]) => value !== "true" && name !== "entity"));
  return {
    id: alert.id,
    tinyId: tinyIdOf(alert.id),
    alias: alert.dedupKey,
    message: alert.title,
    description: alert.description,
    status: alert.status === "resolved" ? "closed" : "open",
    acknowledged: alert.status === "acknowledged",
    isSeen: alert.acknowledgedAt !== null,
    snoozed: alert.status === "suppressed",
    tags,
    details,
    entity: alert.labels.entity ?? alert.serviceName ?? "",
    source: alert.source,
    owner: "",
    priority: PRIORITIES[alert.severity],
    count: alert.count,
    createdAt: alert.firstAt.toISOString(),
    updatedAt: (alert.resolvedAt ?? alert.lastAt).toISOString(),
    lastOccurredAt: alert.lastAt.toISOString(),
    responders: [],
    actions: [],
    integration: { id: integration.id, name: integration.name, type: "API" },
  };
}
