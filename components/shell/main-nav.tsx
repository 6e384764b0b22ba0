"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { useState } from "react";
import { useListFacts } from "#/components/realtime/use-list-facts.ts";
import { isOpen } from "#/server/incidents/shared/lists.ts";

const places = [
  { href: "/incidents", label: "Incidents" },
  { href: "/alerts", label: "Alerts" },
  { href: "/maintenance", label: "Maintenance" },
  { href: "/settings", label: "Settings" },
] as const;

/** The places of the app; how many incidents are open is counted live. */
export function MainNav({ openIds }: { openIds: readonly string[] }) {
  const path = usePathname();
  const [heard, setHeard] = useState<ReadonlyMap<string, boolean>>(new Map());
  useListFacts((incident) => setHeard((before) => new Map(before).set(incident.id, isOpen(incident.status))));
  const open = new Set(openIds);
  for (const [id, isStillOpen] of heard) {
    if (isStillOpen) open.add(id);
    else open.delete(id);
  }
  return (
    <nav
      aria-label="Main"
      className="flex min-w-0 grow gap-0.5 max-md:justify-around max-md:pl-1.5 md:grow-0 md:flex-col"
    >
      {places.map(({ href, label }) => (
        <Link
          key={href}
          href={href}
          {...(path.startsWith(href) && { "aria-current": "page" as const })}
          className="flex items-center justify-between gap-1.5 rounded-md px-2.5 py-[7px] text-[13.5px] text-muted hover:text-text aria-[current=page]:font-[550] aria-[current=page]:text-text max-md:min-h-14 max-md:px-1 max-md:text-[12.5px] md:aria-[current=page]:bg-raised"
        >
          {label}
          {href === "/incidents" && open.size > 0 && (
            <span className="font-semibold text-bad">
              {open.size}
              <span className="sr-only"> open</span>
            </span>
          )}
        </Link>
      ))}
    </nav>
  );
}
