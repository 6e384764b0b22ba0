"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";

type Props = { label: string; tabs: readonly { href: string; label: string }[] };

/** Links to the faces of one thing; the one for this address is marked. */
export function TabLinks({ label, tabs }: Props) {
  const path = usePathname();
  return (
    <nav aria-label={label} className="flex gap-4 text-s">
      {tabs.map((tab) => (
        <Link
          prefetch={false}
          key={tab.href}
          href={tab.href}
          {...(path === tab.href && { "aria-current": "page" as const })}
          className="inline-flex min-h-7 items-center border-b-2 border-transparent text-muted hover:text-text aria-[current=page]:border-accent aria-[current=page]:font-semibold aria-[current=page]:text-text max-md:min-h-11 max-md:min-w-11 max-md:justify-center"
        >
          {tab.label}
        </Link>
      ))}
    </nav>
  );
}
