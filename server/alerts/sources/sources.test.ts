import { describe, expect, test } from "vitest";
import { readDelivery } from "../read-delivery.ts";
import type { Report } from "../report.ts";
import { isSource, sourceFile, sourceNames } from "./index.ts";
import {
  type ExpectedCase,
  expectedCases,
  hasPayloads,
  type PayloadRow,
  payloadRows,
  readRecorded,
  sourceOfFolder,
  withoutPayloads,
} from "./payloads.ts";

/** What a report says, in the form of the expected files. */
function told(report: Report): ExpectedCase["reports"][number] {
  if (report.kind !== "alert" && report.kind !== "change") return { kind: report.kind, title: report.title };
  const link = report.links[0]?.url ?? null;
  const { title, dedupKey, service } = report;
  if (report.kind === "alert") {
    return { kind: "alert", title, severity: report.severity, status: report.status, dedupKey, service, link };
  }
  const { change, state, by } = report;
  return { kind: "change", change, title, state, dedupKey, service, by, link };
}

/** The index calls them firing; they say of themselves that somebody only tried, and then nobody is paged. */
const TRIALS = ["appoptics/alert.txt", "aws-guardduty/rdp-brute-force.json"];

/** Whether reports tell the state that the index of the payloads gives. */
function tells(state: PayloadRow["state"], reports: ExpectedCase["reports"]): boolean {
  if (state === "unknown") return true;
  return reports.some((report) => {
    if (report.kind === "change") return (report.state === "succeeded") === (state === "resolved");
    return report.kind === "alert" && (report.status === "resolved") === (state === "resolved");
  });
}

const folders = [...new Set(payloadRows.map((row) => row.folder))];
const written = folders.filter((folder) => expectedCases(folder) !== null);

describe("every source file", () => {
  test.each(sourceNames.filter((name) => name !== "custom"))("%s can be read", (name) => {
    expect(sourceFile(name)?.name).toBeTruthy();
    expect(sourceFile(name)?.setup).toBeTruthy();
  });
});

if (!hasPayloads) test.skip(`recorded payloads say what was written down (${withoutPayloads})`, () => {});

describe.runIf(hasPayloads)("recorded payloads", () => {
  describe.for(written)("of %s", (folder) => {
    const rows = payloadRows.filter((row) => row.folder === folder);
    const cases = expectedCases(folder) ?? [];

    test("each has what it says written down, in the state that the index gives", () => {
      expect(isSource(sourceOfFolder(folder))).toBe(true);
      expect([...new Set(cases.map((one) => one.file))].sort()).toEqual(rows.map((row) => row.file).sort());
      for (const { file, state } of rows) {
        const told = cases.filter((one) => one.file === file).some(({ reports }) => tells(state, reports));
        expect(told || TRIALS.includes(`${folder}/${file}`), `${file} is ${state}`).toBe(true);
      }
    });

    test.each(cases)("$case", (one) => {
      const read = readDelivery(sourceOfFolder(folder), null, readRecorded(folder, one));
      expect({ recognised: read.recognised, reports: read.reports.map(told) }).toEqual({
        recognised: one.recognised,
        reports: one.reports,
      });
    });
  });

  test("no folder is left without", () => {
    expect(folders.filter((folder) => !written.includes(folder))).toEqual([]);
  });
});
