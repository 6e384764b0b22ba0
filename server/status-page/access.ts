import type { IncomingHttpHeaders } from "node:http";
import { actorFrom, can } from "#/server/access/index.ts";
import type { Core } from "#/server/events/index.ts";
import { sameSecret } from "#/server/platform/crypto.ts";
import { type PageAnswer, SAFE_HEADERS } from "./answers.ts";
import type { PageAccessRule } from "./read-model.ts";

const NO_STORE = "no-store";

/** The key that an address brings: `?key=…`. Pure. */
function keyIn(url: string): string {
  const query = url.split("?", 2)[1] ?? "";
  return new URLSearchParams(query).get("key") ?? "";
}

/**
 * Whether somebody may read a page that is not for everybody: by the key in the address, or as somebody who is signed
 * in (session, or token with a scope that reads components). Asks each time, so that what is taken back ends at once.
 */
export async function mayRead(
  core: Core,
  rule: PageAccessRule,
  asked: { url: string; headers: IncomingHttpHeaders },
): Promise<boolean> {
  switch (rule.kind) {
    case "public":
      return true;
    case "link":
      return rule.linkKey !== null && sameSecret(keyIn(asked.url), rule.linkKey);
    case "sign_in": {
      const actor = await actorFrom(core, asked.headers);
      return actor !== null && can(actor, "components.read");
    }
    default:
      return rule.kind satisfies never;
  }
}

/**
 * What somebody gets who may not read the page: the notice for people, or a problem for a client of feeds or JSON.
 * Nobody keeps it, for the next who asks at the same address may read the page. Pure.
 */
export function refusal(notice?: PageAnswer): PageAnswer {
  if (notice) return { ...notice, headers: { ...notice.headers, "cache-control": NO_STORE } };
  const body = Buffer.from(
    JSON.stringify({
      type: "about:blank",
      title: "Unauthorized",
      status: 401,
      detail: "This status page is private.",
    }),
  );
  return {
    status: 401,
    headers: {
      "content-type": "application/problem+json",
      "content-length": String(body.length),
      "cache-control": NO_STORE,
      "www-authenticate": "Bearer",
      "access-control-allow-origin": "*",
      ...SAFE_HEADERS,
    },
    body,
  };
}
