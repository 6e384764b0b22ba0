import type { ReactNode } from "react";
import { CommandCenter } from "#/components/commands/command-center.tsx";
import { OpenPalette } from "#/components/commands/open-palette.tsx";
import { NotificationBell } from "#/components/notifications/notification-bell.tsx";
import { Avatar } from "#/components/ui/avatar.tsx";
import type { Theme } from "#/components/ui/preferences.ts";
import { SkipLink } from "#/components/ui/skip-link.tsx";
import { KeptEdits } from "./kept-edits.tsx";
import { MainNav } from "./main-nav.tsx";
import type { Person } from "./person.ts";
import { SignOutButton } from "./sign-out-button.tsx";
import { ThemeToggle } from "./theme-toggle.tsx";

type Props = { me: Person; openIds: readonly string[]; theme: Theme; children: ReactNode };

/** Navigation beside the page; on a phone it lies below it. */
export function AppShell({ me, openIds, theme, children }: Props) {
  return (
    <CommandCenter me={me}>
      <div className="min-h-dvh md:grid md:grid-cols-[208px_minmax(0,1fr)]">
        <SkipLink href="#content">Skip to content</SkipLink>
        <header className="z-20 flex border-line bg-bg max-md:fixed max-md:inset-x-0 max-md:bottom-0 max-md:border-t max-md:bg-panel max-md:pb-[env(safe-area-inset-bottom)] md:sticky md:top-0 md:h-dvh md:flex-col md:border-r md:px-3 md:py-4">
          <b className="px-2.5 pt-1 pb-3.5 text-[15px] tracking-tight max-md:hidden">Muster</b>
          <div className="max-md:order-last md:mb-2">
            <OpenPalette />
          </div>
          <MainNav openIds={openIds} />
          <KeptEdits userId={me.id} />
          <NotificationBell className="max-md:my-auto max-md:mr-2 md:absolute md:top-3.5 md:right-3" />
          <div className="mt-auto flex flex-col gap-2.5 px-2.5 max-md:hidden">
            <ThemeToggle initial={theme} />
            <div className="flex items-center gap-2 text-s">
              <Avatar person={me} />
              <span className="min-w-0 grow truncate" title={me.email}>
                {me.name}
              </span>
            </div>
            <SignOutButton />
          </div>
        </header>
        <main id="content" tabIndex={-1} className="min-w-0 px-7 py-5 pb-16 outline-none max-md:px-4 max-md:pb-24">
          <div className="max-w-[1180px]">{children}</div>
        </main>
      </div>
    </CommandCenter>
  );
}
