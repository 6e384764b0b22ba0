"use client";

import { type FormEvent, useState } from "react";
import { api } from "#/components/api/client.ts";
import { ProblemBanner } from "#/components/api/problem-banner.tsx";
import { useSubmit } from "#/components/api/use-submit.ts";
import { useRoom } from "#/components/realtime/room/room-provider.tsx";
import { usePeople } from "#/components/room/use-people.ts";
import { Button } from "#/components/ui/button.tsx";
import { Dialog, DialogActions } from "#/components/ui/dialog.tsx";
import { Select } from "#/components/ui/field.tsx";

type Props = { path: string; role: string; holderId: string | undefined; onClose: () => void };

/** Offers a role; until the other accepts, nothing changes. People who are here come first. */
export function OfferDialog({ path, role, holderId, onClose }: Props) {
  const here = new Set(useRoom().people.map((person) => person.userId));
  const { people, problem: loadProblem } = usePeople();
  const [chosen, setChosen] = useState("");
  const { run, isPending, problem } = useSubmit(async () => {
    await api.post(`${path}/offer`, { userId: chosen });
    onClose();
  });
  const others = (people ?? []).filter((person) => person.id !== holderId);
  const sorted = [...others].sort((a, b) => Number(here.has(b.id)) - Number(here.has(a.id)));
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (chosen) void run();
  }
  return (
    <Dialog title={`Offer ${role}`} isOpen onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Select
          label="To whom?"
          value={chosen}
          onChange={(event) => setChosen(event.target.value)}
          required
          error={loadProblem ?? undefined}
          hint="They see it in the room and accept. Until then nothing changes."
        >
          <option value="">{people ? "Choose a person" : "Looking for people"}</option>
          {sorted.map((person) => (
            <option key={person.id} value={person.id}>
              {person.name}
              {here.has(person.id) ? ", here" : ""}
            </option>
          ))}
        </Select>
        <ProblemBanner problem={problem} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" isPending={isPending}>
            Offer
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
