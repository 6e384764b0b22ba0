"use client";

import { type FormEvent, useEffect, useState } from "react";
import { api } from "#/components/api/client.ts";
import { ProblemBanner } from "#/components/api/problem-banner.tsx";
import { useSubmit } from "#/components/api/use-submit.ts";
import { useRoom } from "#/components/realtime/room/room-provider.tsx";
import { incidentPath } from "#/components/room/incident-path.ts";
import { usePeople } from "#/components/room/use-people.ts";
import { Button } from "#/components/ui/button.tsx";
import { Dialog, DialogActions } from "#/components/ui/dialog.tsx";
import { TextArea, TextField } from "#/components/ui/field.tsx";
import { toast } from "#/components/ui/toasts.tsx";
import type { PersonView } from "#/server/incidents/contract.ts";
import type { InvitationView } from "#/server/invitations/contract.ts";
import { INVITATION_MESSAGE_LENGTH_MAX } from "#/server/invitations/shared/lists.ts";
import type { ServiceView } from "#/server/services/contract.ts";
import { type Choice, choicesFor } from "./choices.ts";

function useServices(): readonly ServiceView[] {
  const [services, setServices] = useState<readonly ServiceView[]>([]);
  useEffect(() => {
    let isGone = false;
    api
      .get<{ items: ServiceView[] }>("/api/v1/services?limit=200")
      .then(({ items }) => !isGone && setServices(items))
      // Without them people can still be asked.
      .catch(() => undefined);
    return () => {
      isGone = true;
    };
  }, []);
  return services;
}

/** Asks a person, or a service's people, to come. */
export function BringInDialog({ onClose }: { onClose: () => void }) {
  const { room, people: here } = useRoom();
  const { people, problem: loadProblem } = usePeople();
  const services = useServices();
  const [query, setQuery] = useState("");
  const [chosen, setChosen] = useState<Choice | null>(null);
  const [message, setMessage] = useState("");
  const hereIds = new Set(here.map((person) => person.userId));
  const absent: readonly PersonView[] = (people ?? []).filter((person) => !hereIds.has(person.id));
  const choices = choicesFor(query, absent, services);
  const { run, isPending, problem } = useSubmit(async () => {
    if (!chosen) return;
    const { items } = await api.post<{ items: InvitationView[] }>(incidentPath(room.incident.id, "invitations"), {
      ...(chosen.kind === "person" ? { userId: chosen.id } : { serviceId: chosen.id }),
      ...(message.trim() && { message: message.trim() }),
    });
    toast(`Asked ${items.map((each) => each.person.name).join(", ")}.`);
    onClose();
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    // Enter in the search takes what is found, when it can only be one.
    if (!chosen && choices.length === 1) setChosen(choices[0] ?? null);
    else void run();
  }
  return (
    <Dialog title="Bring in" isOpen onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextField
          label="Person or service"
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setChosen(null);
          }}
          placeholder="A name"
          hint={chosen ? undefined : "Of a service its owner comes, and those of its addresses that have an account."}
          error={loadProblem ?? undefined}
        />
        <ul aria-label="Found" className="-mt-2 flex max-h-56 flex-col gap-1 overflow-y-auto">
          {choices.map((choice) => (
            <li key={`${choice.kind} ${choice.id}`}>
              <button
                type="button"
                aria-pressed={chosen?.id === choice.id}
                onClick={() => setChosen(choice)}
                className="flex min-h-9 w-full items-center gap-2 rounded-sm border border-line px-2.5 py-1 text-left text-s hover:bg-raised aria-pressed:border-accent aria-pressed:font-semibold max-md:min-h-11"
              >
                <span className="min-w-0 grow truncate">{choice.name}</span>
                <span className="shrink-0 text-xs font-normal text-muted">{choice.hint}</span>
              </button>
            </li>
          ))}
          {people && choices.length === 0 && <li className="text-s text-muted">Nobody of this name is absent.</li>}
        </ul>
        <TextArea
          label="Message"
          value={message}
          onChange={(event) => setMessage(event.target.value)}
          maxLength={INVITATION_MESSAGE_LENGTH_MAX}
          placeholder="What is wanted of them"
        />
        {room.incident.visibility === "private" && (
          <p className="text-s text-muted">This incident is private: whoever you ask can see it from then on.</p>
        )}
        <ProblemBanner problem={problem} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" isPending={isPending} disabled={!chosen}>
            Ask to come
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
