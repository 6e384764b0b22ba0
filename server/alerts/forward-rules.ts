/** Headers that go along: what says what was sent and signs it, and nothing that is for this server or of the way here. */
const CARRIED = /^(content-type|user-agent|request-id|ce-.+|webhook-.+|svix-.+|sentry-.+|x-.+|.*signature.*)$/;
const KEPT_HERE =
  /^(x-forwarded-.+|x-real-ip|x-api-key|x-request-id|x-amzn-trace-id|x-envoy-.+|x-b3-.+|x-cloud-trace-context|x-client-ip|x-cluster-client-ip)$/;
const HEADERS_MAX = 60;
const HEADER_LENGTH_MAX = 4_000;

/** The headers of a delivery that are passed on with it. Pure. */
export function forwardedHeaders(headers: Iterable<readonly [string, string]>): Record<string, string> {
  const carried = [...headers]
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name, value]) => CARRIED.test(name) && !KEPT_HERE.test(name) && value.length <= HEADER_LENGTH_MAX);
  return Object.fromEntries(carried.slice(0, HEADERS_MAX));
}

export type Forwarded = {
  method: string;
  path: string;
  query: string;
  headers: Record<string, string>;
  body: Uint8Array;
};

/** The body with another routing key in it; one that is no JSON object stays as it is. Pure. */
function withRoutingKey(body: Uint8Array, key: string): Uint8Array {
  try {
    const read = JSON.parse(new TextDecoder("utf8", { fatal: true }).decode(body)) as unknown;
    if (typeof read !== "object" || read === null || Array.isArray(read)) return body;
    const name = "service_key" in read && !("routing_key" in read) ? "service_key" : "routing_key";
    return new TextEncoder().encode(JSON.stringify({ ...read, [name]: key }));
  } catch {
    return body;
  }
}

/**
 * The request that passes a delivery on. `{path}` in the address stands for what stood behind the key here. Behind a `#`
 * the address may say what the old pager knows the sender by, where the sender itself sends Muster's key:
 * `routing_key=…` replaces the key in the body, `authorization=…` is sent as the header. All else stays. Pure.
 */
export function forwardRequest(address: string, sent: Forwarded) {
  const [target = "", fragment = ""] = address.split("#", 2);
  const extra = new URLSearchParams(fragment);
  const url = new URL(target.replaceAll("{path}", sent.path.replace(/^\/+/, "")));
  // A delivery may be its query string alone.
  if (sent.query) url.search = url.search ? `${url.search}&${sent.query}` : sent.query;
  const key = extra.get("routing_key");
  const authorization = extra.get("authorization");
  return {
    method: sent.method,
    url: url.href,
    headers: { ...sent.headers, ...(authorization && { authorization }) },
    ...(sent.method !== "GET" && { body: key ? withRoutingKey(sent.body, key) : sent.body }),
  };
}
