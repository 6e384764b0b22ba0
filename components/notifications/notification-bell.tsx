"use client";

import { useEffect, useState, useSyncExternalStore } from "react";
import { cx } from "#/components/ui/cx.ts";
import { onDemand } from "#/components/ui/on-demand.tsx";
import { bellNow, emptyBell, listenToBell, see } from "./notification-store.ts";

const NotificationsDialog = onDemand(async () => (await import("./notifications-dialog.tsx")).NotificationsDialog);

/** Who came by the link of a mail or a message has seen what it was about. */
function useSeenByLink(): void {
  useEffect(() => {
    const url = new URL(window.location.href);
    const id = url.searchParams.get("notification");
    if (!id) return;
    url.searchParams.delete("notification");
    window.history.replaceState(window.history.state, "", url);
    // Somebody else's link is nobody's mistake here.
    see(id).catch(() => undefined);
  }, []);
}

/** What waits for the reader, from anywhere in the app. */
export function NotificationBell({ className }: { className?: string | undefined }) {
  const bell = useSyncExternalStore(listenToBell, bellNow, emptyBell);
  const [isOpen, setOpen] = useState(false);
  useSeenByLink();
  const name = bell.unseen > 0 ? `Notifications, ${bell.unseen} unseen` : "Notifications";
  return (
    <>
      <button
        type="button"
        aria-label={name}
        title={name}
        onClick={() => setOpen(true)}
        className={cx(
          "relative inline-grid size-8 shrink-0 place-items-center rounded-sm text-muted hover:bg-raised hover:text-text max-[900px]:size-11",
          className,
        )}
      >
        <svg aria-hidden="true" viewBox="0 0 16 16" className="size-[17px]" fill="none" stroke="currentColor">
          <path
            d="M8 2a4 4 0 0 0-4 4v2.6L2.8 11.2h10.4L12 8.6V6a4 4 0 0 0-4-4ZM6.6 13.2a1.5 1.5 0 0 0 2.8 0"
            strokeWidth="1.3"
            strokeLinejoin="round"
            strokeLinecap="round"
          />
        </svg>
        {bell.unseen > 0 && (
          <span
            aria-hidden="true"
            className="absolute -top-0.5 -right-0.5 grid h-4 min-w-4 place-items-center rounded-full bg-accent px-1 text-[10px] leading-none font-semibold text-accent-ink"
          >
            {bell.unseen > 99 ? "99+" : bell.unseen}
          </span>
        )}
      </button>
      {isOpen && <NotificationsDialog bell={bell} onClose={() => setOpen(false)} />}
    </>
  );
}
