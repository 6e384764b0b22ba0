"use client";

import { onDemand } from "#/components/ui/on-demand.tsx";
import { usePageEdits } from "./use-shared-document.ts";

const LostEditsBanner = onDemand(async () => (await import("./lost-edits-banner.tsx")).LostEditsBanner);

/** The documents of the page that ended, or have edits that cannot be saved. */
export function LostEdits() {
  const { troubled } = usePageEdits();
  return troubled.map((document) => <LostEditsBanner key={document.name} document={document} />);
}
