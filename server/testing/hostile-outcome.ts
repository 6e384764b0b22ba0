import { type ParsedDelivery, parseDelivery } from "#/server/alerts/delivery.ts";
import { readDelivery } from "#/server/alerts/read-delivery.ts";
import { AppError } from "#/server/platform/errors.ts";

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)]);
}

function parsed(body: Uint8Array, contentType: string): ParsedDelivery | null {
  try {
    return parseDelivery({ body, contentType, query: "", headers: {}, route: {} });
  } catch (error) {
    if (error instanceof AppError && error.code === "invalid") return null;
    throw error;
  }
}

/** What a hostile body became: reports that can be stored, or a refusal in words. @throws whatever else happens */
export function hostileOutcome(source: string, body: Uint8Array, contentType: string): "read" | "refused" {
  const delivery = parsed(body, contentType);
  if (!delivery) return "refused";
  const read = readDelivery(source, null, delivery);
  const odd = textsIn(read).find((text) => text.includes("\u0000") || !text.isWellFormed());
  if (odd !== undefined) throw new Error(`a text that cannot be stored: ${JSON.stringify(odd)}`);
  if (read.reports.length === 0) throw new Error("no report at all");
  return "read";
}
