import { AppError } from "#/server/platform/errors.ts";
import { parseJson } from "#/server/platform/scan-json.ts";
import { wellFormed } from "#/server/platform/well-formed.ts";

/** Fields of a form in which senders put their JSON. */
const JSON_FORM_FIELDS = ["payload", "alert", "data", "json"];
const FORM_FIELDS_MAX = 500;

/** A delivery as it came, apart from its key. */
export type Delivery = {
  body: Uint8Array;
  query: string;
  contentType: string;
  /** The headers that say what was sent; never a secret. */
  headers: Record<string, string>;
  /** What the path says: `{routingKey}`, `{action, alias}`, `{provider}`. */
  route: Record<string, string>;
  /** Without it no end counts as passed. */
  receivedAt?: Date;
};

/** A delivery, parsed. All of it is hostile text. */
export type ParsedDelivery = {
  body: unknown;
  headers: Record<string, string>;
  query: Record<string, string>;
  route: Record<string, string>;
  receivedAt?: Date;
};

function fieldsOf(form: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...form].slice(0, FORM_FIELDS_MAX).filter(([name]) => name !== "__proto__"));
}

function looksLikeJson(text: string): boolean {
  return /^\s*[[{]/.test(text);
}

function parseForm(text: string): unknown {
  const fields = fieldsOf(new URLSearchParams(text));
  const inner = JSON_FORM_FIELDS.map((name) => fields[name]).find(
    (value) => value !== undefined && looksLikeJson(value),
  );
  return inner === undefined ? fields : parseJson(new TextEncoder().encode(inner));
}

function parseBody({ body, query, contentType }: Delivery): unknown {
  if (body.length === 0) {
    if (query) return fieldsOf(new URLSearchParams(query));
    throw new AppError("invalid", "The body is empty.");
  }
  // Content types are often wrong (SNS sends text/plain), so the bytes decide.
  const start = new TextDecoder().decode(body.subarray(0, 200));
  if (looksLikeJson(start.replace(/^\uFEFF/, ""))) return parseJson(body);
  const isForm = contentType.includes("x-www-form-urlencoded") || /^[\w.%+[\]-]{1,100}=/.test(start);
  return isForm ? parseForm(new TextDecoder().decode(body)) : parseJson(body);
}

/**
 * The body of a delivery as a value, from JSON, a form (with JSON in a field of it, or without) or a query string.
 * Whole numbers that JavaScript cannot hold become text, so that they stay what they were.
 *
 * @throws AppError "invalid" with the reason.
 */
export function parseDelivery(delivery: Delivery): ParsedDelivery {
  return {
    body: wellFormed(parseBody(delivery)),
    headers: delivery.headers,
    query: fieldsOf(new URLSearchParams(delivery.query)),
    route: delivery.route,
    ...(delivery.receivedAt && { receivedAt: delivery.receivedAt }),
  };
}
