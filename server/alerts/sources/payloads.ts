import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { type Delivery, type ParsedDelivery, parseDelivery } from "../delivery.ts";

/**
 * The recorded payloads of real senders: a folder a source, with an index of tab-separated rows. They have licences of
 * their own, so they lie beside the checkout.
 */
export const payloadsFolder = path.resolve(process.env.PAYLOADS_DIR || "../shared/payloads");
const index = path.join(payloadsFolder, "SOURCES.tsv");
export const hasPayloads = existsSync(index);
export const withoutPayloads = `no recorded payloads in ${payloadsFolder}; PAYLOADS_DIR names them`;

export type PayloadRow = {
  folder: string;
  case: string;
  file: string;
  state: "firing" | "resolved" | "unknown";
  notes: string;
};

/** The rows of the index; none where there are no payloads. */
export const payloadRows: readonly PayloadRow[] = hasPayloads
  ? readFileSync(index, "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => {
        const [folder = "", name = "", file = "", , , state = "unknown", notes = ""] = line.split("\t");
        return { folder, case: name, file: path.basename(file), state: state as PayloadRow["state"], notes };
      })
  : [];

/** The protocols' own bodies are read by a source of a shorter name. */
const SOURCE_OF_FOLDER: Record<string, string> = {
  "pagerduty-events-v2": "pagerduty",
  "opsgenie-alert-api": "opsgenie",
  "victorops-rest": "victorops",
};
export function sourceOfFolder(folder: string): string {
  return SOURCE_OF_FOLDER[folder] ?? folder;
}

const text = z.string().nullable().default(null);
const expectedReport = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("alert"),
    title: text,
    severity: text,
    status: z.enum(["firing", "acknowledged", "resolved"]),
    dedupKey: z.string(),
    service: text,
    /** The first link's. */
    link: text,
  }),
  z.strictObject({
    kind: z.literal("change"),
    change: z.string(),
    title: text,
    state: text,
    dedupKey: z.string(),
    service: text,
    by: text,
    link: text,
  }),
  z.strictObject({ kind: z.enum(["test", "ignored"]), title: text }),
]);
const expectedCase = z.strictObject({
  case: z.string(),
  /** In the folder of the source. */
  file: z.string(),
  headers: z.record(z.string(), z.string()).default({}),
  query: z.string().default(""),
  /** The file holds the query string of a GET. */
  isQuery: z.boolean().default(false),
  contentType: z.string().default("application/json"),
  route: z.record(z.string(), z.string()).default({}),
  recognised: z.boolean().default(true),
  reports: z.array(expectedReport),
});
export type ExpectedCase = z.infer<typeof expectedCase>;

/** What the payloads of a folder say, written out by hand; null where nobody wrote it yet. */
export function expectedCases(folder: string): ExpectedCase[] | null {
  const file = new URL(`expected/${folder}.yaml`, import.meta.url);
  return existsSync(file) ? z.array(expectedCase).parse(parse(readFileSync(file, "utf8"))) : null;
}

/** A recorded payload as it came. */
export function recorded(
  folder: string,
  { file, query, isQuery, contentType, headers, route }: ExpectedCase,
): Delivery {
  const body = readFileSync(path.join(payloadsFolder, folder, file));
  return isQuery
    ? {
        body: new Uint8Array(),
        query: body.toString("utf8").trim().replace(/^\?/, ""),
        contentType: "",
        headers,
        route,
      }
    : { body, query, contentType, headers, route };
}

export function readRecorded(folder: string, expected: ExpectedCase): ParsedDelivery {
  return parseDelivery(recorded(folder, expected));
}
