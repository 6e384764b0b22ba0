"use client";

import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { startTransition, useOptimistic } from "react";
import type { AlertFacetName } from "#/server/alerts/shared/lists.ts";
import { alertFacetNames } from "#/server/alerts/shared/lists.ts";

export type Facets = {
  isChosen: (name: AlertFacetName, value: string) => boolean;
  toggle: (name: AlertFacetName, value: string) => void;
  /** Takes all choices back; what is searched for stays. */
  clear: () => void;
  count: number;
  /** The list still shows what was chosen before. */
  isPending: boolean;
};

/** What is chosen of the facets, in the address; shown at once, the list follows. */
export function useFacets(): Facets {
  const router = useRouter();
  const path = usePathname();
  const current = useSearchParams().toString();
  const [shown, setShown] = useOptimistic(current);
  const params = new URLSearchParams(shown);

  function go(change: (next: URLSearchParams) => void): void {
    const next = new URLSearchParams(shown);
    change(next);
    next.delete("cursor");
    startTransition(() => {
      setShown(next.toString());
      router.replace(next.size > 0 ? `${path}?${next}` : path, { scroll: false });
    });
  }
  return {
    isChosen: (name, value) => params.has(name, value),
    toggle: (name, value) =>
      go((next) => (next.has(name, value) ? next.delete(name, value) : next.append(name, value))),
    clear: () =>
      go((next) => {
        for (const name of alertFacetNames) next.delete(name);
      }),
    count: alertFacetNames.reduce((sum, name) => sum + params.getAll(name).length, 0),
    isPending: shown !== current,
  };
}
