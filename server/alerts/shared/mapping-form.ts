import type { Mapping, Shape } from "../mapping/mapping.ts";
import { fieldFromText, type MappingRow, mappingRows, textOfField } from "./mapping-text.ts";

/** What the mapping form holds, as people write it. */
export type MappingForm = Record<MappingRow | "labels" | "split", string>;

export const emptyMappingForm: MappingForm = {
  title: "",
  description: "",
  status: "",
  severity: "",
  dedupKey: "",
  service: "",
  link: "",
  at: "",
  labels: "",
  split: "",
};

/** Rows that are a field of a shape under the same name. */
const fieldRows = mappingRows.filter((row) => row !== "link");
const formKeys = new Set<string>([...fieldRows, "links", "labels", "split", "kind"]);

/** The mapping that a form means: one shape. Empty rows are left out. Pure. */
export function mappingOfForm(form: MappingForm): Mapping {
  const fields = fieldRows.flatMap((row) => {
    const field = fieldFromText(row, form[row]);
    return field === undefined ? [] : [[row, field] as const];
  });
  const link = fieldFromText("link", form.link);
  const labels = form.labels
    .split(",")
    .map((path) => path.trim())
    .filter(Boolean);
  const shape: Shape = {
    kind: "alert",
    ...Object.fromEntries(fields),
    ...(link !== undefined && { links: [{ kind: "source", title: "Source", url: link }] }),
    ...(labels.length > 0 && { labels }),
    ...(form.split.trim() && { split: form.split.trim() }),
  };
  return { shapes: [shape] };
}

/** The form of a mapping; null when it says more than the form can show. Pure. */
export function formOfMapping(mapping: Mapping): MappingForm | null {
  const [shape, ...others] = mapping.shapes;
  if (!shape || others.length > 0) return null;
  const hasMore = Object.keys(shape).some((key) => !formKeys.has(key));
  const hasNamedLabels = shape.labels?.some((entry) => typeof entry !== "string") ?? false;
  const links = shape.links ?? [];
  const hasOtherLinks = links.length > 1 || links.some(({ kind, title }) => kind !== "source" || title !== "Source");
  if (hasMore || hasNamedLabels || hasOtherLinks || shape.kind !== "alert") return null;
  return {
    ...emptyMappingForm,
    ...Object.fromEntries(fieldRows.map((row) => [row, textOfField(shape[row])])),
    link: textOfField(shape.links?.[0]?.url),
    labels: (shape.labels ?? []).join(", "),
    split: shape.split ?? "",
  };
}
