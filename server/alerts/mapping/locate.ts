import { fieldText, type Scope } from "./field.ts";
import type { Field, Shape } from "./mapping.ts";
import { type Path, pathOf, valueAt } from "./path.ts";
import { templateOf } from "./template.ts";

/** A path of a shape, and whether the entry that is looked at has it. */
export type PathUse = { row: string; path: string; isFound: boolean; value: string | null };

function templatesOf(field: Field): string[] {
  const alternatives = Array.isArray(field) ? field : [field];
  return alternatives.flatMap((one) => (typeof one === "string" ? [one] : "from" in one ? [one.from] : []));
}

function pathsOf(template: string): (readonly Path[])[] {
  return templateOf(template).parts.flatMap((part) => (typeof part === "string" ? [] : [part.paths]));
}

const ROWS = ["title", "description", "status", "severity", "dedupKey", "service", "startsAt", "endsAt", "at"] as const;

/**
 * Which paths of a shape an entry has. Alternatives count as one: only when none of them is there, the first is missing.
 * Conditions are not looked into. Pure.
 */
export function pathsInUse(shape: Shape, scope: Scope): PathUse[] {
  const rows: (readonly [string, Field | undefined])[] = [
    ...ROWS.map((row) => [row, shape[row]] as const),
    ...(shape.links ?? []).map((link) => ["link", link.url] as const),
  ];
  return rows.flatMap(([row, field]) => {
    if (field === undefined) return [];
    const isFilled = fieldText(field, scope) !== null;
    return templatesOf(field).flatMap((template) =>
      pathsOf(template).flatMap((alternatives): PathUse[] => {
        const found = alternatives.filter(
          (path) => valueAt(path, scope.roots) !== undefined && valueAt(path, scope.roots) !== null,
        );
        if (found.length > 0) return found.slice(0, 1).map((path) => useOf(row, path, scope));
        const [first] = alternatives;
        return first && !(Array.isArray(field) && isFilled)
          ? [{ row, path: first.source, isFound: false, value: null }]
          : [];
      }),
    );
  });
}

function useOf(row: string, path: Path, scope: Scope): PathUse {
  const value = valueAt(pathOf(path.source), scope.roots);
  const text = typeof value === "object" ? null : String(value);
  return { row, path: path.source, isFound: true, value: text };
}
