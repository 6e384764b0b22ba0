"use client";

import { useState } from "react";
import { api } from "#/components/api/client.ts";
import { useMe, useRoom } from "#/components/realtime/room/room-provider.tsx";
import { incidentPath } from "#/components/room/incident-path.ts";
import { useAct } from "#/components/room/use-act.ts";
import { Button } from "#/components/ui/button.tsx";
import { useNow } from "#/components/ui/clock.tsx";
import { onDemand } from "#/components/ui/on-demand.tsx";
import { Tag, type Tone } from "#/components/ui/tag.tsx";
import { Duration } from "#/components/ui/time.tsx";
import { isOpen } from "#/server/incidents/shared/lists.ts";
import type { InvitationView } from "#/server/invitations/contract.ts";
import { INVITE_AGAIN_AFTER_MS, type InvitationState } from "#/server/invitations/shared/lists.ts";

const BringInDialog = onDemand(async () => (await import("./bring-in-dialog.tsx")).BringInDialog);

const words: Record<InvitationState, { text: string; tone: Tone }> = {
  invited: { text: "Invited", tone: "plain" },
  delivered: { text: "Delivered", tone: "plain" },
  seen: { text: "Seen", tone: "warn" },
  joined: { text: "Joined", tone: "ok" },
  declined: { text: "Can’t now", tone: "bad" },
};
const channelWords: Readonly<Record<string, string>> = { browser: "browser", slack: "Slack", email: "e-mail" };

/** Who was asked to come and how far that is, with the way to ask others. */
export function InvitedPeople() {
  const { room, people } = useRoom();
  const { canWrite } = useMe();
  const [isAsking, setAsking] = useState(false);
  const here = new Set(people.map((person) => person.userId));
  const shown = room.invitations.filter((each) => each.state !== "joined" || !here.has(each.person.id));
  return (
    <div className="-mt-4 mb-6">
      {shown.length > 0 && (
        <ul aria-label="Invited" className="mb-2 flex flex-col">
          {shown.map((each) => (
            <Invited key={each.id} invitation={each} incidentId={room.incident.id} canAsk={canWrite} />
          ))}
        </ul>
      )}
      {canWrite && isOpen(room.incident.status) && (
        <Button size="s" className="max-[900px]:min-h-11" onClick={() => setAsking(true)}>
          Bring in
        </Button>
      )}
      {isAsking && <BringInDialog onClose={() => setAsking(false)} />}
    </div>
  );
}

type Props = { invitation: InvitationView; incidentId: string; canAsk: boolean };

function Invited({ invitation, incidentId, canAsk }: Props) {
  const { act, isPending } = useAct();
  const now = useNow();
  const { person, state, invitedAt, deliveredBy, declineReason, times } = invitation;
  const canRepeat = canAsk && state !== "joined" && now - Date.parse(invitedAt) >= INVITE_AGAIN_AFTER_MS;
  const again = () => act(() => api.post(incidentPath(incidentId, "invitations"), { userId: person.id }));
  const { text, tone } = words[state];
  const by = state === "delivered" && deliveredBy ? ` by ${channelWords[deliveredBy] ?? deliveredBy}` : "";
  return (
    <li className="flex min-h-8 flex-wrap items-center gap-x-2 text-s">
      <span className="min-w-0 grow truncate">{person.name}</span>
      <Tag tone={tone}>
        {text}
        {by}
      </Tag>
      <span className="text-xs text-faint">
        <Duration from={invitedAt} />
        {times > 1 && `, ${times} times`}
      </span>
      {canRepeat && (
        <Button size="s" isPending={isPending} aria-label={`Ask ${person.name} again`} onClick={() => void again()}>
          Ask again
        </Button>
      )}
      {declineReason && <span className="basis-full text-xs text-muted wrap-anywhere">{declineReason}</span>}
    </li>
  );
}
