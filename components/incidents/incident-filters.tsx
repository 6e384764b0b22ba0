"use client";

import { FilterBar } from "#/components/ui/filter-bar.tsx";
import { incidentStatuses, severities, severityMeanings } from "#/server/incidents/shared/lists.ts";
import { statusWords } from "./words.ts";

const choices = [
  {
    name: "status",
    label: "Status",
    all: "Any status",
    options: incidentStatuses.map((status) => ({ value: status, label: statusWords[status] })),
  },
  {
    name: "severity",
    label: "Severity",
    all: "Any severity",
    options: severities.map((value) => ({ value, label: `${value} ${severityMeanings[value].name}` })),
  },
];

/** Search, status and severity of the list of incidents. */
export function IncidentFilters() {
  return <FilterBar searchLabel="Search incidents" choices={choices} />;
}
