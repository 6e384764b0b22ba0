"use client";

import { type FormEvent, useState } from "react";
import { api, problemText } from "#/components/api/client.ts";
import { ProblemBanner } from "#/components/api/problem-banner.tsx";
import { useSubmit } from "#/components/api/use-submit.ts";
import { Button, IconButton } from "#/components/ui/button.tsx";
import { TextField } from "#/components/ui/field.tsx";
import { toast } from "#/components/ui/toasts.tsx";
import type { ActionItemView } from "#/server/postmortem/contract.ts";
import { ACTION_ITEM_TITLE_LENGTH_MAX } from "#/server/postmortem/shared/lists.ts";
import { ActionItemDetails } from "./action-item-details.tsx";

export type Person = { id: string; name: string };
type Props = {
  item: ActionItemView;
  people: readonly Person[];
  isWritable: boolean;
  onChanged: () => Promise<void>;
};

const dayFormat = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});

/** One action item: a box to tick, and its details to change. */
export function ActionItemRow({ item, people, isWritable, onChanged }: Props) {
  const [isOpen, setOpen] = useState(false);
  /** What was just ticked, until the server has answered. */
  const [ticked, setTicked] = useState<boolean | null>(null);
  const tick = useSubmit(async (done: boolean) => {
    setTicked(done);
    try {
      await api.patch(`/api/v1/action-items/${item.id}`, { done });
      await onChanged();
    } catch (error) {
      toast(problemText(error), "bad");
    } finally {
      setTicked(null);
    }
  });
  const isDone = ticked ?? item.doneAt !== null;
  return (
    <li className="border-t border-line py-2">
      <div className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-start gap-2">
        <span className="grid place-items-center max-md:size-11 max-md:-m-2.5 max-md:mr-0">
          <input
            type="checkbox"
            aria-label={`Done: ${item.title}`}
            checked={isDone}
            disabled={!isWritable}
            onChange={(event) => tick.run(event.target.checked)}
            className="mt-0.5 size-[18px] accent-accent max-md:mt-0 max-md:size-6"
          />
        </span>
        <div className="min-w-0 text-[13px]">
          <p className={isDone ? "wrap-anywhere text-muted line-through" : "wrap-anywhere"}>{item.title}</p>
          <p className="text-s text-muted">
            {item.owner ? item.owner.name : <span className={isDone ? "" : "text-bad"}>no owner</span>}
            {item.dueOn && ` · due ${dayFormat.format(new Date(item.dueOn))}`}
            {isDone && " · done"}
            {item.taskId && " · from the incident's tasks"}
          </p>
        </div>
        {isWritable && (
          <IconButton
            label={`Change: ${item.title}`}
            aria-expanded={isOpen}
            className="-my-1 size-7"
            onClick={() => setOpen(!isOpen)}
          >
            ✎
          </IconButton>
        )}
      </div>
      {isOpen && (
        <ChangeActionItem
          item={item}
          people={people}
          onDone={async () => {
            setOpen(false);
            await onChanged();
          }}
        />
      )}
    </li>
  );
}

type ChangeProps = { item: ActionItemView; people: readonly Person[]; onDone: () => Promise<void> };

function ChangeActionItem({ item, people, onDone }: ChangeProps) {
  const path = `/api/v1/action-items/${item.id}`;
  const save = useSubmit(async (body: Record<string, unknown>) => {
    await api.patch(path, body);
    await onDone();
  });
  const remove = useSubmit(async () => {
    await api.delete(path);
    await onDone();
  });
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    save.run({ title: data.get("title"), ownerId: data.get("ownerId") || null, dueOn: data.get("dueOn") || null });
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-2 pt-2">
      <TextField
        label="Title"
        name="title"
        required
        defaultValue={item.title}
        maxLength={ACTION_ITEM_TITLE_LENGTH_MAX}
      />
      <ActionItemDetails people={people} owner={item.owner} dueOn={item.dueOn} />
      <ProblemBanner problem={save.problem ?? remove.problem} />
      <div className="flex gap-2 max-md:[&>*]:min-h-11">
        <Button type="submit" size="s" isPending={save.isPending}>
          Save
        </Button>
        <Button size="s" variant="quiet" isPending={remove.isPending} onClick={remove.run}>
          Delete
        </Button>
      </div>
    </form>
  );
}
