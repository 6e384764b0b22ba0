"use client";

import { useState } from "react";
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
  // The choice shows at once; the numbers follow when the server has counted.
  const [chosen, setChosen] = useState(filters.valueOf("days") || String(NOISE_DAYS_DEFAULT));
  return (
    <Segmented
      label="Over the last"
      value={chosen}
      options={spans}
      onChange={(days) => {
        setChosen(days);
        filters.set("days", days === String(NOISE_DAYS_DEFAULT) ? "" : days);
      }}
    />
  );
}
