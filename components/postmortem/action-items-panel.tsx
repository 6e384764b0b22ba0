"use client";

import { type FormEvent, useEffect, useRef, useState } from "react";
import { api } from "#/components/api/client.ts";
import { ProblemBanner } from "#/components/api/problem-banner.tsx";
import { useSubmit } from "#/components/api/use-submit.ts";
import { Button } from "#/components/ui/button.tsx";
import { TextField } from "#/components/ui/field.tsx";
import type { ActionItemView, PostmortemView } from "#/server/postmortem/contract.ts";
import { ACTION_ITEM_TITLE_LENGTH_MAX } from "#/server/postmortem/shared/lists.ts";
import { ActionItemDetails } from "./action-item-details.tsx";
import { ActionItemRow, type Person } from "./action-item-row.tsx";

type Props = {
  incidentId: string;
  items: readonly ActionItemView[];
  /** Notes marked to be followed up that no action item follows yet. */
  followUps: PostmortemView["followUps"];
  isWritable: boolean;
  onChanged: () => Promise<void>;
};

/** Everybody who could own an action item; read once, when somebody may write. */
function usePeople(isNeeded: boolean): readonly Person[] {
  const [people, setPeople] = useState<readonly Person[]>([]);
  useEffect(() => {
    if (!isNeeded) return;
    api.get<{ items: Person[] }>("/api/v1/users?limit=200").then(
      (page) => setPeople(page.items),
      // Without the list, items are still added; owners are then given later.
      () => undefined,
    );
  }, [isNeeded]);
  return people;
}

/** What is to be done after the incident: added, given to somebody, dated, done. */
export function ActionItemsPanel({ incidentId, items, followUps, isWritable, onChanged }: Props) {
  const people = usePeople(isWritable);
  return (
    <aside
      aria-label="Action items"
      className="border-l border-line px-5 py-4.5 max-lg:border-t max-lg:border-l-0 max-lg:px-4 max-lg:pb-16 lg:sticky lg:top-[58px] lg:max-h-[calc(100dvh-58px)] lg:overflow-y-auto"
    >
      <h2 className="mb-2 text-xs font-semibold tracking-wider text-muted uppercase">Action items</h2>
      {items.length === 0 && <p className="border-t border-line py-2.5 text-s text-muted">None yet.</p>}
      <ul>
        {items.map((item) => (
          <ActionItemRow key={item.id} item={item} people={people} isWritable={isWritable} onChanged={onChanged} />
        ))}
      </ul>
      {isWritable && followUps.length > 0 && (
        <FollowUps incidentId={incidentId} count={followUps.length} onChanged={onChanged} />
      )}
      {isWritable && <NewActionItem incidentId={incidentId} people={people} onChanged={onChanged} />}
    </aside>
  );
}

type FollowUpsProps = { incidentId: string; count: number; onChanged: () => Promise<void> };

/** Notes that were marked after the postmortem opened; those before it came along by themselves. */
function FollowUps({ incidentId, count, onChanged }: FollowUpsProps) {
  const { run, isPending, problem } = useSubmit(async () => {
    await api.post(`/api/v1/incidents/${encodeURIComponent(incidentId)}/postmortem/follow-ups`);
    await onChanged();
  });
  return (
    <div className="flex flex-col gap-2 border-t border-line py-2.5 text-s">
      <ProblemBanner problem={problem} />
      <p className="text-muted">
        {count === 1 ? "1 note is marked as a follow-up" : `${count} notes are marked as follow-ups`} and not on the
        list.
      </p>
      <Button size="s" className="self-start" isPending={isPending} onClick={() => run()}>
        {count === 1 ? "Add the follow-up" : `Add ${count} follow-ups`}
      </Button>
    </div>
  );
}

type NewProps = { incidentId: string; people: readonly Person[]; onChanged: () => Promise<void> };

function NewActionItem({ incidentId, people, onChanged }: NewProps) {
  const form = useRef<HTMLFormElement>(null);
  const [hasTitle, setHasTitle] = useState(false);
  const { run, isPending, problem } = useSubmit(async (body: Record<string, unknown>) => {
    await api.post("/api/v1/action-items", body);
    form.current?.reset();
    setHasTitle(false);
    await onChanged();
  });
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    run({
      incidentId,
      title: data.get("title"),
      ownerId: data.get("ownerId") || null,
      dueOn: data.get("dueOn") || null,
    });
  }
  return (
    <form ref={form} onSubmit={submit} className="flex flex-col gap-2 border-t border-line pt-3">
      <TextField
        label="New action item"
        isLabelHidden
        name="title"
        placeholder="Add an action item…"
        required
        maxLength={ACTION_ITEM_TITLE_LENGTH_MAX}
        onChange={(event) => setHasTitle(event.target.value.trim() !== "")}
      />
      {hasTitle && (
        <>
          <ActionItemDetails people={people} owner={null} dueOn={null} />
          <Button type="submit" size="s" isPending={isPending} className="max-md:min-h-11">
            Add
          </Button>
        </>
      )}
      <ProblemBanner problem={problem} />
    </form>
  );
}
