import type { ReactNode } from "react";
import { Avatar } from "#/components/ui/avatar.tsx";
import type { Theme } from "#/components/ui/preferences.ts";
import { KeptEdits } from "./kept-edits.tsx";
import { MainNav } from "./main-nav.tsx";
import type { Person } from "./person.ts";
import { SignOutButton } from "./sign-out-button.tsx";
import { ThemeToggle } from "./theme-toggle.tsx";

type Props = { me: Person; openIds: readonly string[]; theme: Theme; children: ReactNode };

/** Navigation beside the page; on a phone it lies below it. */
export function AppShell({ me, openIds, theme, children }: Props) {
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[208px_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only z-50 rounded-sm bg-accent px-3 py-2 text-accent-ink focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      <header className="z-20 flex border-line bg-bg max-md:fixed max-md:inset-x-0 max-md:bottom-0 max-md:border-t max-md:bg-panel max-md:pb-[env(safe-area-inset-bottom)] md:sticky md:top-0 md:h-dvh md:flex-col md:border-r md:px-3 md:py-4">
        <b className="px-2.5 pt-1 pb-3.5 text-[15px] tracking-tight max-md:hidden">Muster</b>
        <MainNav openIds={openIds} />
        <KeptEdits userId={me.id} />
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
  );
}
