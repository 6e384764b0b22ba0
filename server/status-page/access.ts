import type { IncomingHttpHeaders } from "node:http";
import { actorFrom, can } from "#/server/access/index.ts";
import type { Core } from "#/server/events/index.ts";
import { sameSecret } from "#/server/platform/crypto.ts";
import { type PageAnswer, SAFE_HEADERS } from "./answers.ts";
import type { PageAccessRule } from "./read-model.ts";

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

/** What a client of feeds or JSON gets that may not read the page. Pure. */
export function refusal(): PageAnswer {
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
      "cache-control": "no-store",
      "www-authenticate": "Bearer",
      "access-control-allow-origin": "*",
      ...SAFE_HEADERS,
    },
    body,
  };
}
