import Link from "next/link";
import { canAdminister, type Person } from "#/components/shell/person.ts";
import { SignOutButton } from "#/components/shell/sign-out-button.tsx";
import { ThemeToggle } from "#/components/shell/theme-toggle.tsx";
import { Avatar } from "#/components/ui/avatar.tsx";
import type { Theme } from "#/components/ui/preferences.ts";
import { ZoneToggle } from "#/components/ui/time.tsx";
import { SectionPage, Subsection } from "./section-page.tsx";
import { settingsSections } from "./sections.ts";

/** A page of its own, for everybody; here because it belongs to what people set up. */
const maintenancePlace = { href: "/maintenance", label: "Maintenance", about: "Planned work that people are told of" };

type Props = { me: Person; theme: Theme };

/** One's own account first, then the parts of the settings for who may see them. */
export function SettingsIndex({ me, theme }: Props) {
  return (
    <SectionPage title="Settings" about="">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3 rounded-lg border border-line bg-panel p-4">
        <Avatar person={me} size="l" />
        <div className="min-w-0 grow">
          <p className="font-[550]">{me.name}</p>
          <p className="truncate text-s text-muted">
            {me.email} · {me.role}
          </p>
        </div>
        <div className="flex flex-wrap items-center gap-3">
          <ThemeToggle initial={theme} />
          <ZoneToggle />
          <SignOutButton />
        </div>
      </div>
      {canAdminister(me.role) ? (
        <ul className="grid gap-2.5 md:grid-cols-2 xl:grid-cols-3">
          {[...settingsSections, maintenancePlace].map(({ href, label, about }) => (
            <li key={href} className="relative rounded-lg border border-line bg-panel p-4 hover:border-line-strong">
              <Link href={href} className="font-[550] after:absolute after:inset-0">
                {label}
              </Link>
              <p className="text-s text-muted">{about}</p>
            </li>
          ))}
        </ul>
      ) : (
        <Subsection title="The rest">
          <p className="text-muted">Integrations, people and channels are looked after by an administrator.</p>
        </Subsection>
      )}
    </SectionPage>
  );
}
