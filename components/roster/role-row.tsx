"use client";

import { useState } from "react";
import { api } from "#/components/api/client.ts";
import { useMe } from "#/components/realtime/room/room-provider.tsx";
import { incidentPath } from "#/components/room/incident-path.ts";
import { useAct } from "#/components/room/use-act.ts";
import { Avatar } from "#/components/ui/avatar.tsx";
import { Button } from "#/components/ui/button.tsx";
import { useNow } from "#/components/ui/clock.tsx";
import { inWords } from "#/components/ui/durations.ts";
import { Menu, type MenuItem } from "#/components/ui/menu.tsx";
import { onDemand } from "#/components/ui/on-demand.tsx";
import { Tag } from "#/components/ui/tag.tsx";
import type { RoleView } from "#/server/incidents/contract.ts";
import { ABSENT_AFTER_MS } from "#/server/roster/shared/lists.ts";

const OfferDialog = onDemand(async () => (await import("./offer-dialog.tsx")).OfferDialog);
const TakeOverDialog = onDemand(async () => (await import("./take-over-dialog.tsx")).TakeOverDialog);

/** A reload is nobody's absence. */
const AWAY_SHOWN_MS = 60_000;

/** For how long a holder has been away, by the server's clock; 0 while they are here. */
function useAway(since: string | null): number {
  const now = useNow();
  return since ? Math.max(0, now - Date.parse(since)) : 0;
}

type Props = { incidentId: string; role: RoleView };
type Asked = "offer" | "take-over" | null;

/** One role: its holder, or the way to become it. */
export function RoleRow({ incidentId, role: { role, holder, offeredTo, isRequired, awaySince } }: Props) {
  const me = useMe();
  const awayMs = useAway(holder && awaySince);
  const [asked, setAsked] = useState<Asked>(null);
  const { act, isPending } = useAct();
  const path = incidentPath(incidentId, "roles", role);
  const isOfferedToMe = offeredTo?.id === me.id;
  const button = "ml-auto shrink-0 max-[900px]:min-h-11";
  return (
    <li className="flex min-h-10 flex-wrap items-center gap-x-2 gap-y-1 border-b border-line py-1 text-s">
      <span className="w-[104px] shrink-0 truncate text-muted" title={role}>
        {role}
      </span>
      {holder ? (
        <>
          <Avatar person={holder} size="s" />
          <span className="min-w-0 grow basis-16 truncate">{holder.name}</span>
        </>
      ) : (
        <span className={isRequired ? "text-xs text-warn" : "text-muted"}>
          {isRequired ? (
            <>
              <span className="sr-only">nobody, </span>required
            </>
          ) : (
            "nobody"
          )}
        </span>
      )}
      {awayMs >= AWAY_SHOWN_MS && <Tag tone="warn">away {inWords(awayMs)}</Tag>}
      {me.canWrite && holder && holder.id !== me.id && awayMs >= ABSENT_AFTER_MS && (
        <Button size="s" className={button} aria-label={`Take over ${role}`} onClick={() => setAsked("take-over")}>
          Take over
        </Button>
      )}
      {me.canWrite && !holder && !isOfferedToMe && (
        <Button
          size="s"
          className={button}
          isPending={isPending}
          aria-label={`Claim ${role}`}
          onClick={() => void act(() => api.put(path, {}))}
        >
          Claim
        </Button>
      )}
      {me.canWrite && isOfferedToMe && (
        <Button
          size="s"
          variant="primary"
          className={button}
          isPending={isPending}
          aria-label={`Accept ${role}`}
          onClick={() => void act(() => api.post(`${path}/accept`))}
        >
          Accept
        </Button>
      )}
      {me.canWrite && (
        <RoleMenu
          role={role}
          items={itemsFor({
            isHeld: holder !== null,
            isMine: holder?.id === me.id,
            isAdmin: me.isAdmin,
            isOffered: offeredTo !== null,
          })}
          holder={awayMs >= ABSENT_AFTER_MS || me.isAdmin ? null : (holder?.name ?? null)}
          onChoose={(chosen) => {
            if (chosen === "release") void act(() => api.delete(path));
            else if (chosen === "withdraw") void act(() => api.delete(`${path}/offer`));
            else setAsked(chosen);
          }}
        />
      )}
      {offeredTo && (
        <span className="basis-full pb-1 pl-[112px] text-xs text-warn">
          {isOfferedToMe ? "Offered to you" : `Offered to ${offeredTo.name}`}
        </span>
      )}
      {asked === "offer" && (
        <OfferDialog path={path} role={role} holderId={holder?.id} onClose={() => setAsked(null)} />
      )}
      {asked === "take-over" && holder && (
        <TakeOverDialog path={path} role={role} holder={holder} onClose={() => setAsked(null)} />
      )}
    </li>
  );
}

type Choice = "offer" | "withdraw" | "take-over" | "release";
const labels: Record<Choice, { label: string; hint: string }> = {
  offer: { label: "Offer to somebody …", hint: "They accept before it changes hands." },
  withdraw: { label: "Take the offer back", hint: "Nothing changes hands." },
  "take-over": { label: "Take over …", hint: "With a reason, told in the timeline." },
  release: { label: "Release", hint: "Nobody has it then." },
};

type Holding = { isHeld: boolean; isMine: boolean; isAdmin: boolean; isOffered: boolean };

function itemsFor({ isHeld, isMine, isAdmin, isOffered }: Holding): Choice[] {
  const choices: Choice[] = [];
  if (!isHeld || isMine || isAdmin) choices.push("offer");
  if (isOffered && (!isHeld || isMine || isAdmin)) choices.push("withdraw");
  if (isHeld && !isMine) choices.push("take-over");
  if (isHeld && (isMine || isAdmin)) choices.push("release");
  return choices;
}

type MenuProps = {
  role: string;
  items: readonly Choice[];
  /** Who has to be asked, because they are here; null when the role can be taken over. */
  holder: string | null;
  onChoose: (choice: Choice) => void;
};

function RoleMenu({ role, items, holder, onChoose }: MenuProps) {
  const rows: MenuItem[] = items.map((choice) => ({
    ...labels[choice],
    ...(choice === "take-over" &&
      holder !== null && { isDisabled: true, hint: `${holder} is here, or just was: ask them to offer it.` }),
    onSelect: () => onChoose(choice),
  }));
  return (
    <Menu
      size="s"
      variant="quiet"
      align="end"
      label={`Hand over ${role}`}
      items={rows}
      className="[&>button]:px-2 max-[900px]:[&>button]:min-h-11 max-[900px]:[&>button]:min-w-11"
    >
      <span aria-hidden="true">⇄</span>
    </Menu>
  );
}
