"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { settingsSections } from "./sections.ts";

/** The parts of the settings beside the one that is open. On a phone the index page has them. */
export function SettingsNav() {
  const path = usePathname();
  if (path === "/settings") return null;
  return (
    <nav aria-label="Settings" className="shrink-0 lg:w-44">
      <Link href="/settings" className="inline-flex min-h-11 items-center text-s text-muted hover:text-text lg:hidden">
        ← Settings
      </Link>
      <ul className="flex flex-col gap-0.5 max-lg:hidden">
        {settingsSections.map(({ href, label }) => (
          <li key={href}>
            <Link
              href={href}
              {...(path.startsWith(href) && { "aria-current": "page" as const })}
              className="block rounded-md px-2.5 py-1.5 text-[13px] text-muted hover:text-text aria-[current=page]:bg-raised aria-[current=page]:font-[550] aria-[current=page]:text-text"
            >
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
