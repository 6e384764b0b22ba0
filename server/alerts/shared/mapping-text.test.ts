import { describe, expect, test } from "vitest";
import { mappingSchema } from "../mapping/mapping.ts";
import { emptyMappingForm, formOfMapping, mappingOfForm } from "./mapping-form.ts";
import { fieldFromText, textOfField } from "./mapping-text.ts";

describe("a row of the mapping form", () => {
  test.each([
    ["title", "{job.name}: {error}", "{job.name}: {error}"],
    ["service", "checkout", "checkout"],
    ["status", 'event == "job.ok" ? "resolved" : "firing"', { cel: 'event == "job.ok" ? "resolved" : "firing"' }],
    ["status", "state", "{state}"],
    ["status", "{state}", "{state}"],
    [
      "severity",
      "level: 5→critical 4→error *→warning",
      { from: "{level}", values: { 5: "critical", 4: "error" }, otherwise: "warning" },
    ],
    ["severity", 'level: "very bad"→critical', { from: "{level}", values: { "very bad": "critical" } }],
    ["severity", "level: 5->critical", { from: "{level}", values: { 5: "critical" } }],
    ["title", '["{a}","{b}"]', ["{a}", "{b}"]],
    ["title", "   ", undefined],
  ] as const)("%s: %s", (row, text, field) => {
    const read = fieldFromText(row, text);
    expect(read).toEqual(field);
    expect(fieldFromText(row, textOfField(read))).toEqual(field);
  });
});

describe("the mapping form", () => {
  const form = {
    ...emptyMappingForm,
    title: "{job.name}: {error}",
    severity: "level: 5→critical *→warning",
    link: "{job.url}",
    labels: "tags, job.labels",
    split: "jobs",
  };

  test("and its mapping are two forms of one thing", () => {
    expect(mappingOfForm(form).shapes[0]).toMatchObject({
      kind: "alert",
      split: "jobs",
      labels: ["tags", "job.labels"],
    });
    expect(formOfMapping(mappingOfForm(form))).toEqual(form);
    expect(mappingSchema.parse(mappingOfForm(form))).toEqual(mappingOfForm(form));
  });

  test("does not show what it has no rows for", () => {
    expect(formOfMapping({ shapes: [{ kind: "alert", title: "{a}", when: "has(item.a)" }] })).toBeNull();
    expect(formOfMapping({ shapes: [{ kind: "change", title: "{a}" }] })).toBeNull();
    expect(formOfMapping({ shapes: [{ kind: "alert" }, { kind: "alert" }] })).toBeNull();
  });
});
