import { isMap, isPair, isScalar, LineCounter, type ParsedNode, parseDocument, stringify } from "yaml";
import { z } from "zod";
import { AppError } from "#/server/platform/errors.ts";
import { wellFormed } from "#/server/platform/well-formed.ts";
import { type CatalogueService, catalogueService } from "./contract.ts";
import { CATALOGUE_BYTES_MAX, CATALOGUE_SERVICES_MAX } from "./shared/lists.ts";

/** Where in a file something is: `["services", 2, "owner"]`. */
export type Path = readonly (string | number)[];
export type FileProblem = { path: Path; detail: string };
export type CatalogueFile = { services: CatalogueService[]; refuse: (problems: readonly FileProblem[]) => AppError };

/** More mistakes are read after the first ones are mended. */
const PROBLEMS_SHOWN_MAX = 50;
const FIELDS = Object.keys(catalogueService.shape).join(", ");

const fileShape = z
  .object({
    services: z
      .array(catalogueService, "This must be a list of services.")
      .max(CATALOGUE_SERVICES_MAX, `A file has at most ${CATALOGUE_SERVICES_MAX} services. Import it in parts.`),
  })
  .strict();

type Document = ReturnType<typeof parseDocument>;

/** The byte where a path begins: its key when it has one, else its value, else what it lies in. */
function offsetOf(document: Document, path: Path): number {
  const last = path.at(-1);
  if (last === undefined) return document.contents?.range?.[0] ?? 0;
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  if (isMap(parent)) {
    const pair = parent.items.find((each) => isPair(each) && isScalar(each.key) && each.key.value === last);
    if (pair && isScalar(pair.key) && pair.key.range) return pair.key.range[0];
  }
  const node = document.getIn(path, true) as ParsedNode | undefined;
  return node?.range?.[0] ?? offsetOf(document, path.slice(0, -1));
}

function refused(problems: readonly { pointer: string; detail: string }[]): AppError {
  const shown = problems.slice(0, PROBLEMS_SHOWN_MAX);
  const more = problems.length > shown.length ? ` There are ${problems.length} mistakes in all.` : "";
  return new AppError("invalid", `${shown[0]?.detail ?? "The file cannot be read."}${more}`, { errors: shown });
}

/** Mistakes of the schema; an unknown field is told by its own place. */
function problemsOf(error: z.ZodError): FileProblem[] {
  // A misspelt field first: what it leaves missing follows from it.
  const isUnknown = (issue: z.core.$ZodIssue) => issue.code === "unrecognized_keys";
  const issues = [...error.issues].sort((a, b) => Number(isUnknown(b)) - Number(isUnknown(a)));
  return issues.flatMap((issue): FileProblem[] => {
    const path = issue.path.map((part) => (typeof part === "number" ? part : String(part)));
    if (issue.code !== "unrecognized_keys") return [{ path, detail: issue.message }];
    const known = path.length === 0 ? "The file has one field, services." : `A service has the fields ${FIELDS}.`;
    return issue.keys.map((key) => ({ path: [...path, key], detail: `“${key}” is not known. ${known}` }));
  });
}

const unreadable = refused([
  { pointer: "", detail: "The file cannot be read: it is nested too deeply or repeats too much." },
]);

function parse(text: string): { document: Document; lines: LineCounter; value: unknown } {
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: true });
    const [error] = document.errors;
    if (error?.code === "RESOURCE_EXHAUSTION") throw unreadable;
    if (error) {
      const line = error.linePos?.[0].line ?? 1;
      throw refused([{ pointer: "", detail: `Line ${line}: ${error.message.split(" at line ")[0]}.` }]);
    }
    return { document, lines, value: wellFormed(document.toJS()) };
  } catch (error) {
    if (error instanceof AppError) throw error;
    // Aliases of YAML that stand for more than they may.
    throw unreadable;
  }
}

/**
 * Reads a catalogue file, YAML or JSON. Pure. `refuse` makes the error that says each problem with its line.
 *
 * @throws AppError "invalid" with a line for each mistake | "too_large"
 */
export function readCatalogue(text: string): CatalogueFile {
  if (Buffer.byteLength(text) > CATALOGUE_BYTES_MAX) {
    throw new AppError("too_large", `A catalogue has at most ${CATALOGUE_BYTES_MAX / 1024} KiB. Import it in parts.`);
  }
  const { document, lines, value } = parse(text);
  const refuse = (problems: readonly FileProblem[]) =>
    refused(
      problems
        .map(({ path, detail }) => ({ path, detail, line: lines.linePos(offsetOf(document, path)).line || 1 }))
        .sort((a, b) => a.line - b.line)
        .map(({ path, detail, line }) => ({
          pointer: path.map((part) => `/${part}`).join(""),
          detail: `Line ${line}: ${detail}`,
        })),
    );
  const read = fileShape.safeParse(value ?? {});
  if (!read.success) throw refuse(problemsOf(read.error));
  return { services: read.data.services, refuse };
}

/** A service with every field; what a file may leave out is empty. */
export type FullService = { [Field in keyof CatalogueService]-?: Exclude<CatalogueService[Field], undefined> };

function isEmpty(value: unknown): boolean {
  return value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

const HEAD = `# The service catalogue. Import it under Settings, Services, or by PUT /api/v1/services/catalogue.yaml.
# What a service leaves out stays as it is; services that are not named stay too.
`;

/** The services as a file, by name; what is empty is left out. The same services give the same text. Pure. */
export function writeCatalogue(list: readonly FullService[]): string {
  const services = list.map((service) =>
    Object.fromEntries(Object.entries(service).filter(([key, value]) => key === "name" || !isEmpty(value))),
  );
  return HEAD + stringify({ services }, { lineWidth: 0, aliasDuplicateObjects: false });
}
