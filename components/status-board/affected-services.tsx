"use client";

import Link from "next/link";
import { api } from "#/components/api/client.ts";
import { useMe, useRoom } from "#/components/realtime/room/room-provider.tsx";
import { incidentPath } from "#/components/room/incident-path.ts";
import { useAct } from "#/components/room/use-act.ts";
import { Button } from "#/components/ui/button.tsx";
import { Tag } from "#/components/ui/tag.tsx";
import type { AffectedServiceView } from "#/server/incidents/contract.ts";
import { isOpen } from "#/server/incidents/shared/lists.ts";
import { useAffectedServices } from "./use-affected-services.ts";

/** What the catalogue knows of the affected services: tier, the owner who could come, and what is wrong with what they need. */
export function AffectedServices() {
  const { room, people } = useRoom();
  const services = useAffectedServices(room);
  const named = new Set(room.incident.services.map(({ id }) => id));
  const near = new Set([
    ...people.map(({ userId }) => userId),
    ...room.invitations.map(({ person }) => person.id),
    ...room.incident.roles.map(({ holder }) => holder?.id ?? ""),
  ]);
  const shown = services.filter(({ id }) => named.has(id)).filter((service) => isTelling(service, near));
  if (shown.length === 0) return null;
  const seen = new Set(near);
  return (
    <ul aria-label="Affected services" className="w-full text-xs text-muted">
      {shown.map((service) => {
        const isOffered = service.owner !== null && !seen.has(service.owner.id);
        if (service.owner) seen.add(service.owner.id);
        return <ServiceFacts key={service.id} service={service} isOwnerOffered={isOffered} />;
      })}
    </ul>
  );
}

function isTelling({ tier, owner, troubledBy }: AffectedServiceView, near: ReadonlySet<string>): boolean {
  return tier !== null || troubledBy.length > 0 || (owner !== null && !near.has(owner.id));
}

function ServiceFacts({ service, isOwnerOffered }: { service: AffectedServiceView; isOwnerOffered: boolean }) {
  const { name, tier, team, owner, troubledBy } = service;
  return (
    <li className="flex flex-wrap items-center gap-x-2 gap-y-0.5 py-0.5">
      {tier !== null && <Tag>Tier {tier}</Tag>}
      <span className="min-w-0 wrap-anywhere">
        {name}
        {team && ` · ${team}`}
      </span>
      {owner && isOwnerOffered && <BringOwner owner={owner} service={name} />}
      {troubledBy.map((need) => (
        <TroubledNeed key={need.id} need={need} />
      ))}
    </li>
  );
}

function TroubledNeed({ need }: { need: AffectedServiceView["troubledBy"][number] }) {
  const firing = need.firing > 0 ? `${need.firing} firing` : "";
  return (
    <span className="w-full wrap-anywhere text-text">
      <span aria-hidden="true" className="text-bad">
        ◆{" "}
      </span>
      depends on {need.name}: {firing}
      {need.incidents.map(({ reference, title }, at) => (
        <span key={reference}>
          {(at > 0 || firing) && ", "}
          <Link href={`/incidents/${reference}`} title={title} className="text-accent underline">
            {reference}
          </Link>
        </span>
      ))}
    </span>
  );
}

/** Nobody is paged by themselves: one press asks the owner to come. */
function BringOwner({ owner, service }: { owner: { id: string; name: string }; service: string }) {
  const { room } = useRoom();
  const { canWrite, id } = useMe();
  const { act, isPending } = useAct();
  const ask = () => api.post(incidentPath(room.incident.id, "invitations"), { userId: owner.id });
  return (
    <span className="flex items-center gap-1.5">
      owner {owner.name}
      {canWrite && owner.id !== id && isOpen(room.incident.status) && (
        <Button
          size="s"
          className="max-[900px]:min-h-11"
          isPending={isPending}
          aria-label={`Bring in ${owner.name}, owner of ${service}`}
          onClick={() => void act(ask)}
        >
          Bring in
        </Button>
      )}
    </span>
  );
}
