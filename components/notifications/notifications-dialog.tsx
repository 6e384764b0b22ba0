"use client";

import { useState } from "react";
import { api, problemText } from "#/components/api/client.ts";
import { ProblemBanner } from "#/components/api/problem-banner.tsx";
import { Button } from "#/components/ui/button.tsx";
import { cx } from "#/components/ui/cx.ts";
import { Dialog } from "#/components/ui/dialog.tsx";
import { Select } from "#/components/ui/field.tsx";
import { Time } from "#/components/ui/time.tsx";
import { toast } from "#/components/ui/toasts.tsx";
import type { NotificationView } from "#/server/notifications/contract.ts";
import type { ReachChoice } from "#/server/notifications/shared/lists.ts";
import { askPermission, browserPermission, type Permission } from "./browser-notification.ts";
import { type Bell, chooseReach, isWaiting, loadBell, see, seeAll } from "./notification-store.ts";

type Props = { bell: Bell; onClose: () => void };

/** What was for the reader, newest first, and how they want to be reached. */
export function NotificationsDialog({ bell, onClose }: Props) {
  return (
    <Dialog title="Notifications" isOpen onClose={onClose}>
      {bell.unseen > 0 && (
        <Button size="s" className="self-start max-md:min-h-11" onClick={() => void attempt(seeAll)}>
          Mark all as seen
        </Button>
      )}
      <ProblemBanner problem={bell.problem} />
      {bell.problem !== null && (
        <Button size="s" className="self-start" onClick={() => void loadBell()}>
          Try again
        </Button>
      )}
      {bell.items.length === 0 ? (
        <p className="text-s text-muted">
          {bell.isLoaded
            ? "Nothing yet. Who mentions you in a note, gives you a task, offers you a role or asks you to come is found here."
            : "Looking"}
        </p>
      ) : (
        <ul className="-mx-2 flex flex-col">
          {bell.items.map((one, at) => (
            <Row key={one.id} one={one} isFirst={at === 0} />
          ))}
        </ul>
      )}
      <Reaching bell={bell} />
    </Dialog>
  );
}

async function attempt(act: () => Promise<unknown>): Promise<void> {
  await act().catch((error: unknown) => toast(problemText(error), "bad"));
}

function Row({ one, isFirst }: { one: NotificationView; isFirst: boolean }) {
  const isNew = isWaiting(one);
  function open(): void {
    // The page may be gone before the answer: the link says it too.
    if (!one.seenAt) see(one.id).catch(() => undefined);
  }
  return (
    <li className="flex flex-wrap items-center gap-x-2 rounded-sm px-2 py-1.5 hover:bg-raised">
      <a
        href={one.link}
        onClick={open}
        data-first-focus={isFirst || undefined}
        className="flex min-h-9 min-w-0 grow basis-64 gap-2.5 text-s"
      >
        <span
          aria-hidden="true"
          className={cx("mt-1.5 size-2 shrink-0 rounded-full", isNew ? "bg-accent" : "bg-transparent")}
        />
        <span className="min-w-0 grow">
          <span className={cx("block wrap-anywhere", isNew ? "font-semibold" : "text-muted")}>
            {isNew && <span className="sr-only">New: </span>}
            {one.title}
          </span>
          <span className="line-clamp-2 text-muted wrap-anywhere">{one.body}</span>
          <span className="text-xs text-faint">{whatBecameOf(one)}</span>
        </span>
        <Time at={one.createdAt} format="day-time" className="shrink-0 text-xs text-faint" />
      </a>
      {isNew && one.invitationId && (
        <Button
          size="s"
          className="ml-4 max-md:min-h-11"
          aria-label={`Can't come to ${one.incident.reference} now`}
          onClick={() =>
            void attempt(() =>
              api.post(`/api/v1/incidents/${one.incident.id}/invitations/${one.invitationId}/decline`, {}),
            )
          }
        >
          Can’t now
        </Button>
      )}
    </li>
  );
}

const channelNames: Readonly<Record<string, string>> = { slack: "Slack", email: "E-mail" };

/** Whether it is settled, and how it left the building. */
function whatBecameOf(one: NotificationView): string {
  const sent = one.channels.map(({ channel, state }) => `${channelNames[channel] ?? channel}: ${state}`);
  return [...(one.settledAt && !one.seenAt ? ["Settled meanwhile"] : []), ...sent].join(" · ");
}

const ways: readonly { value: ReachChoice; label: string }[] = [
  { value: "both", label: "Slack and e-mail" },
  { value: "slack", label: "Slack only" },
  { value: "email", label: "E-mail only" },
  { value: "none", label: "Nothing outside the browser" },
];

/** How the reader is reached while they are not looking. */
function Reaching({ bell }: { bell: Bell }) {
  const [permission, setPermission] = useState<Permission>(browserPermission);
  return (
    <div className="flex flex-col gap-3 border-t border-line pt-4">
      <Select
        label="While I am away"
        value={bell.reachBy}
        onChange={(event) => void attempt(() => chooseReach(event.target.value as ReachChoice))}
        hint="Only when you have not looked within half a minute, or two minutes for mentions and tasks. A way that is not set up is replaced by the other."
      >
        {ways.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </Select>
      {permission === "default" && (
        <Button
          size="s"
          className="self-start max-md:min-h-11"
          onClick={() => void askPermission().then(setPermission)}
        >
          Notify me in this browser
        </Button>
      )}
      <p className="text-s text-muted">{permissionWords[permission]}</p>
    </div>
  );
}

const permissionWords: Record<Permission, string> = {
  default: "This browser asks you once. It then tells you while Muster is open in a tab that you do not look at.",
  granted: "This browser tells you while Muster is open in a tab that you do not look at.",
  denied: "This browser does not allow Muster to notify you: you can change that in its settings for this site.",
  unsupported: "This browser cannot notify you.",
};
