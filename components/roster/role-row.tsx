"use client";

import { useState } from "react";
import { api } from "#/components/api/client.ts";
import { useMe } from "#/components/realtime/room/room-provider.tsx";
import { incidentPath } from "#/components/room/incident-path.ts";
import { useAct } from "#/components/room/use-act.ts";
import { Avatar } from "#/components/ui/avatar.tsx";
import { Button } from "#/components/ui/button.tsx";
import { Menu, type MenuItem } from "#/components/ui/menu.tsx";
import { onDemand } from "#/components/ui/on-demand.tsx";
import type { RoleView } from "#/server/incidents/contract.ts";

const OfferDialog = onDemand(async () => (await import("./offer-dialog.tsx")).OfferDialog);
const TakeOverDialog = onDemand(async () => (await import("./take-over-dialog.tsx")).TakeOverDialog);

type Props = { incidentId: string; role: RoleView };
type Asked = "offer" | "take-over" | null;

/** One role: its holder, or the way to become it. */
export function RoleRow({ incidentId, role: { role, holder, offeredTo } }: Props) {
  const me = useMe();
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
        <span className="text-muted">nobody</span>
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
          items={itemsFor({ isHeld: holder !== null, isMine: holder?.id === me.id, isAdmin: me.isAdmin })}
          onChoose={(chosen) => (chosen === "release" ? void act(() => api.delete(path)) : setAsked(chosen))}
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

type Choice = "offer" | "take-over" | "release";
const labels: Record<Choice, { label: string; hint: string }> = {
  offer: { label: "Offer to somebody …", hint: "They accept before it changes hands." },
  "take-over": { label: "Take over …", hint: "With a reason, told in the timeline." },
  release: { label: "Release", hint: "Nobody has it then." },
};

function itemsFor({ isHeld, isMine, isAdmin }: { isHeld: boolean; isMine: boolean; isAdmin: boolean }): Choice[] {
  const choices: Choice[] = [];
  if (!isHeld || isMine || isAdmin) choices.push("offer");
  if (isHeld && !isMine) choices.push("take-over");
  if (isHeld && (isMine || isAdmin)) choices.push("release");
  return choices;
}

type MenuProps = { role: string; items: readonly Choice[]; onChoose: (choice: Choice) => void };

function RoleMenu({ role, items, onChoose }: MenuProps) {
  const rows: MenuItem[] = items.map((choice) => ({ ...labels[choice], onSelect: () => onChoose(choice) }));
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
