import { isMaskedTellLine } from "#/server/notify/shared/tell-target.ts";
import type { FileProblem, FullService } from "./catalogue-file.ts";
import type { CatalogueImportView, CatalogueService } from "./contract.ts";
import { distinctAliases } from "./store.ts";

type FieldChange = CatalogueImportView["changes"][number]["fields"][number];
export type PlannedService = { before: FullService | null; after: FullService; fields: FieldChange[] };
export type ImportPlan = { problems: FileProblem[]; services: PlannedService[] };

const key = (name: string) => name.toLowerCase();

/** Names in an order that no database's collation decides. */
export function inOrder(names: readonly string[]): string[] {
  return [...names].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

const empty: Omit<FullService, "name"> = {
  description: "",
  tier: null,
  team: "",
  owner: null,
  aliases: [],
  dependsOn: [],
  links: [],
  tell: [],
  runbookUrl: null,
  runbook: "",
};

function inWords(field: keyof FullService, service: FullService): string {
  if (field === "runbook") return service.runbook ? `${service.runbook.length} characters` : "";
  if (field === "links") return service.links.map(({ kind, title, url }) => `${kind} ${title || url}`).join(", ");
  const value = service[field];
  return Array.isArray(value) ? value.join(", ") : String(value ?? "");
}

function differences(before: FullService, after: FullService): FieldChange[] {
  const fields = Object.keys(after) as (keyof FullService)[];
  return fields
    .filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
    .map((field) => ({ field, from: inWords(field, before), to: inWords(field, after) }));
}

/** What the names and aliases of the file and of what stays come to, and which two services want the same one. */
function claimNames(current: readonly FullService[], wanted: readonly FullService[], problems: FileProblem[]) {
  const inFile = new Set(wanted.map(({ name }) => key(name)));
  const staying = current.filter(({ name }) => !inFile.has(key(name)));
  const owners = new Map<string, string>();
  for (const service of staying)
    for (const each of [service.name, ...service.aliases]) owners.set(key(each), service.name);
  for (const [at, { name }] of wanted.entries()) {
    const other = owners.get(key(name));
    if (other !== undefined) {
      const detail =
        key(other) === key(name) ? `“${name}” is in the file twice.` : `“${name}” is another name of ${other} already.`;
      problems.push({ path: ["services", at, "name"], detail });
    } else owners.set(key(name), name);
  }
  for (const [at, service] of wanted.entries()) {
    for (const [place, alias] of service.aliases.entries()) {
      const other = owners.get(key(alias));
      if (other !== undefined && key(other) !== key(service.name)) {
        problems.push({ path: ["services", at, "aliases", place], detail: `“${alias}” belongs to ${other} already.` });
      } else owners.set(key(alias), service.name);
    }
  }
  return owners;
}

type Known = {
  current: readonly FullService[] /** Of the people who are here, as they are written. */;
  emails: ReadonlyMap<string, string>;
};

/** A service as it will be: what the file leaves out stays. */
function merged(before: FullService | undefined, given: CatalogueService): FullService {
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const after = { ...(before ?? empty), ...set } as FullService;
  return { ...after, aliases: inOrder(distinctAliases(after.aliases, after.name)) };
}

/**
 * What an import of these services changes, and what is wrong with them. Pure.
 * Services are matched by name in any case; what the file does not name stays.
 */
export function planImport(given: readonly CatalogueService[], { current, emails }: Known): ImportPlan {
  const problems: FileProblem[] = [];
  const before = new Map(current.map((service) => [key(service.name), service]));
  const wanted = given.map((service) => merged(before.get(key(service.name)), service));
  const owners = claimNames(current, wanted, problems);
  const services = wanted.map((service, at): PlannedService => {
    const needs = new Set<string>();
    for (const [place, name] of service.dependsOn.entries()) {
      const found = owners.get(key(name));
      const path = ["services", at, "dependsOn", place];
      if (found === undefined)
        problems.push({ path, detail: `There is no service called “${name}”, here or in the file.` });
      else if (key(found) === key(service.name))
        problems.push({ path, detail: "A service does not depend on itself." });
      else needs.add(found);
    }
    const known = before.get(key(service.name)) ?? null;
    for (const [place, line] of service.tell.entries()) {
      if (!isMaskedTellLine(line) || known?.tell.includes(line)) continue;
      problems.push({
        path: ["services", at, "tell", place],
        detail: "Its key is hidden and not kept here: write it out.",
      });
    }
    const email = service.owner && emails.get(key(service.owner));
    if (service.owner && email === undefined) {
      const detail = `Nobody here has the e-mail address ${service.owner}. Add the person under Settings, People, or correct it.`;
      problems.push({ path: ["services", at, "owner"], detail });
    }
    const after = { ...service, dependsOn: inOrder([...needs]), owner: email ?? service.owner };
    return { before: known, after, fields: differences(known ?? { ...empty, name: "" }, after) };
  });
  return { problems, services };
}
