import type { AlertRow, AlertSearch } from "#/server/alerts/index.ts";

const SEVERITIES: Readonly<Record<string, AlertRow["severity"][]>> = {
  p1: ["critical"],
  p2: ["error"],
  p3: ["warning"],
  p4: ["info"],
  p5: ["info"],
};
const WORDS_MAX = 20;
const LIMIT_DEFAULT = 20;
const LIMIT_MAX = 100;
const OFFSET_MAX = 20_000;

/** `status: open`, `alias:"a b"`, `message=x` or a bare word. */
const TERM = /(?:(\w+)\s*[:=]\s*)?(?:"([^"]*)"|([^\s"]+))/g;

function apply(search: Omit<AlertSearch, "limit" | "offset">, field: string, value: string): void {
  switch (field) {
    case "status":
      search.statuses = value.toLowerCase() === "closed" ? ["resolved"] : ["firing", "acknowledged", "suppressed"];
      break;
    case "acknowledged":
      search.statuses = value.toLowerCase() === "true" ? ["acknowledged"] : ["firing", "resolved", "suppressed"];
      break;
    case "priority":
      search.severities = SEVERITIES[value.toLowerCase()] ?? [];
      break;
    case "alias":
      search.alias = value;
      break;
    case "tinyid":
      search.tiny = value;
      break;
    case "message":
      search.title = value.replaceAll("*", "");
      break;
    case "tag":
    case "tags":
      search.tag = value;
      break;
    default:
      search.text = [...(search.text ?? []), value.replaceAll("*", "")];
  }
}

function whole(text: string | undefined, otherwise: number, max: number): number {
  const number = Number(text);
  return text && Number.isInteger(number) && number >= 0 ? Math.min(number, max) : otherwise;
}

/**
 * What `?query=&limit=&offset=` asks for: `status`, `acknowledged`, `priority`, `alias`, `tinyId`, `message`, `tag` and
 * free words, all of which have to hold. Pure.
 */
export function searchOf(query: Record<string, string>): AlertSearch {
  const search: AlertSearch = {
    limit: Math.max(1, whole(query.limit, LIMIT_DEFAULT, LIMIT_MAX)),
    offset: whole(query.offset, 0, OFFSET_MAX),
  };
  const terms = [...(query.query ?? "").matchAll(TERM)].slice(0, WORDS_MAX);
  for (const [, field, quoted, bare] of terms) {
    const value = quoted ?? bare ?? "";
    if (field === undefined && /^and$/i.test(value)) continue;
    apply(search, field?.toLowerCase() ?? "", value);
  }
  return search;
}
