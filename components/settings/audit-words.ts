import type { AuditEntryView } from "#/server/people/contract.ts";

type Entry = Pick<AuditEntryView, "objectKind" | "objectId" | "detail" | "names">;

/** `ownerId` as `owner`, `tellEmails` as `tell emails`. */
function fieldWords(field: string): string {
  return field
    .replace(/Ids?$/, "")
    .replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .trim();
}

function valueWords(value: unknown, names: Entry["names"]): string {
  if (value === null || value === "") return "none";
  if (typeof value === "string") return names[value] ?? value;
  if (Array.isArray(value))
    return value.length === 0 ? "none" : value.map((each) => valueWords(each, names)).join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** What an entry of the audit log is about, by the name it has or had; empty when the act says it. Pure. */
export function auditObject({ objectKind, objectId, detail, names }: Entry): string {
  const had = [detail.name, detail.title, detail.email].find((text) => typeof text === "string" && text !== "");
  const name = names[objectId] ?? had;
  // Of these there is nothing more to say than the act does.
  if (!name && (objectKind === "session" || objectKind === "settings")) return "";
  return `${objectKind} ${name ?? objectId}`;
}

/** What was changed, field by field, with names for ids. Pure. */
export function auditDetail({ objectId, detail, names }: Entry): string {
  return Object.entries(detail)
    .filter(([field, value]) => !(field === "name" && (names[objectId] ?? value) === value))
    .map(([field, value]) => `${fieldWords(field)}: ${valueWords(value, names)}`)
    .join(", ");
}
