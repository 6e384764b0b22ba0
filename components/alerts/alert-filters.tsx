"use client";

import { FilterBar } from "#/components/ui/filter-bar.tsx";
import { alertStatuses } from "#/server/alerts/shared/lists.ts";
import { alertLooks } from "./alert-words.ts";

/** Search, status, service and source of the list of alerts. */
export function AlertFilters({ services, sources }: { services: readonly string[]; sources: readonly string[] }) {
  const named = (value: string) => ({ value, label: value });
  const choices = [
    {
      name: "status",
      label: "Status",
      all: "Any status",
      options: alertStatuses.map((status) => ({ value: status, label: alertLooks[status].word })),
    },
    { name: "service", label: "Service", all: "Any service", options: services.map(named) },
    { name: "source", label: "Source", all: "Any source", options: sources.map(named) },
  ];
  return <FilterBar searchLabel="Search alerts" choices={choices} />;
}
