import { Banner } from "#/components/ui/banner.tsx";
import { problemText } from "./client.ts";

/** Says what went wrong; nothing while nothing did. */
export function ProblemBanner({ problem }: { problem: unknown }) {
  if (problem === null || problem === undefined) return null;
  return (
    <Banner tone="bad" isAlert>
      {problemText(problem)}
    </Banner>
  );
}
