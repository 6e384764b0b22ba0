"use client";

import { Segmented } from "#/components/ui/segmented.tsx";
import { useFilters } from "#/components/ui/use-filters.ts";
import { NOISE_DAYS_DEFAULT, NOISE_DAYS_MAX } from "#/server/alerts/shared/lists.ts";

const spans = [7, 14, NOISE_DAYS_DEFAULT, NOISE_DAYS_MAX].map((days) => ({
  value: String(days),
  label: `${days} days`,
}));

/** How far back the numbers of noise go, kept in the address. */
export function DaysChoice() {
  const filters = useFilters();
  const chosen = filters.valueOf("days") || String(NOISE_DAYS_DEFAULT);
  return (
    <Segmented
      label="Over the last"
      value={chosen}
      options={spans}
      onChange={(days) => filters.set("days", days === String(NOISE_DAYS_DEFAULT) ? "" : days)}
    />
  );
}
