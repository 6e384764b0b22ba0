"use client";

import { Tag } from "#/components/ui/tag.tsx";
import { Time } from "#/components/ui/time.tsx";
import type { MappingTry } from "#/server/alerts/contract.ts";

/** What the last deliveries would have become. */
export function TriedList({ tried }: { tried: readonly MappingTry[] }) {
  if (tried.length === 0) return <p className="mt-3 text-s text-muted">No delivery came yet to try it on.</p>;
  const fits = tried.filter((one) => one.recognised).length;
  return (
    <div className="mt-3 border-t border-line pt-3" aria-live="polite">
      <p className="text-s font-[550]">
        Fits {fits} of {tried.length}
      </p>
      <ul aria-label="Tried on the last deliveries" className="mt-1 max-h-64 overflow-auto">
        {tried.map((one) => (
          <li key={one.delivery} className="flex items-baseline gap-2 border-t border-line py-1.5 text-s">
            <span className="text-muted">
              <Time at={one.receivedAt} format="day-time" />
            </span>
            <span className="min-w-0 wrap-anywhere">
              {one.recognised ? String(one.first?.title ?? "no title") : <Tag tone="warn">Does not fit</Tag>}
              {one.recognised && (
                <span className="text-muted"> {String(one.first?.status ?? one.first?.kind ?? "")}</span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
