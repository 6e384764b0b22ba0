"use client";

import { type DragEvent, type KeyboardEvent, useState } from "react";
import { ActButton } from "#/components/api/act-button.tsx";
import { api, problemText } from "#/components/api/client.ts";
import { ConfirmButton } from "#/components/api/confirm-button.tsx";
import { FormDialog } from "#/components/api/form-dialog.tsx";
import { cx } from "#/components/ui/cx.ts";
import { Tag, type Tone } from "#/components/ui/tag.tsx";
import { toast } from "#/components/ui/toasts.tsx";
import type { ComponentView } from "#/server/audience/contract.ts";
import type { ComponentStatus } from "#/server/audience/shared/lists.ts";
import { componentStatusWords } from "#/server/updates/shared/words.ts";
import { ComponentFields, componentIn, groupIn } from "./component-fields.tsx";
import { type Place, placeOnDrop, placeOnStep } from "./component-order.ts";
import { useRefreshed } from "./use-refreshed.ts";

const tones: Record<ComponentStatus, Tone> = {
  operational: "ok",
  under_maintenance: "plain",
  degraded_performance: "warn",
  partial_outage: "warn",
  major_outage: "bad",
};

type Dragged = { current: ComponentView | null };
type Props = {
  component: ComponentView;
  all: readonly ComponentView[];
  canChange: boolean;
  canMend: boolean;
  /** What is being dragged, shared by all rows. */
  dragged: Dragged;
};

function halfOf(event: DragEvent<HTMLElement>): "upper" | "lower" {
  const { top, height } = event.currentTarget.getBoundingClientRect();
  return event.clientY < top + height / 2 ? "upper" : "lower";
}

/** One component or group: its state, and what can be done with it; what stands in a group is set in. */
export function ComponentRow({ component, all, canChange, canMend, dragged }: Props) {
  const refreshed = useRefreshed();
  const [over, setOver] = useState<"upper" | "lower" | null>(null);
  const { name, status, groupId, group, description } = component;
  const path = `/api/v1/components/${component.id}`;
  const move = (place: Place, moved = component) =>
    refreshed(api.patch(`/api/v1/components/${moved.id}`, place), `${moved.name} moved.`);
  const tell = (error: unknown) => toast(problemText(error), "bad");

  function hover(event: DragEvent<HTMLElement>): void {
    const moved = dragged.current;
    const half = halfOf(event);
    const place = moved && placeOnDrop(moved, component, half);
    if (place) event.preventDefault();
    setOver(place ? half : null);
  }
  function drop(event: DragEvent<HTMLElement>): void {
    event.preventDefault();
    const moved = dragged.current;
    const place = moved && placeOnDrop(moved, component, halfOf(event));
    setOver(null);
    if (moved && place) void move(place, moved).catch(tell);
  }
  return (
    <li
      onDragOver={canChange ? hover : undefined}
      onDragLeave={() => setOver(null)}
      onDrop={drop}
      className={cx(
        "flex items-start justify-between gap-x-4 gap-y-1 border-t border-line py-3 max-md:flex-col",
        groupId !== null && "pl-7 max-md:pl-5",
        over === "upper" && "shadow-[0_-2px_0_0_var(--color-accent)]",
        over === "lower" && "shadow-[0_2px_0_0_var(--color-accent)]",
      )}
    >
      <div className="flex min-w-0 items-start gap-2">
        {canChange && (
          <Handle component={component} all={all} dragged={dragged} onMove={(place) => void move(place).catch(tell)} />
        )}
        <div className="min-w-0">
          <div className="flex flex-wrap items-center gap-1.5 font-[550]">
            <span className="min-w-0 break-words">{name}</span>
            {group && <Tag>group of {component.components.length}</Tag>}
            {(!group || component.components.length > 0) && (
              <Tag tone={tones[status]}>{componentStatusWords[status]}</Tag>
            )}
            {component.onlyShowIfDegraded && <Tag>only when something is wrong</Tag>}
            {!group && !component.showcase && <Tag>without uptime</Tag>}
          </div>
          {description && <div className="text-[13px] break-words text-muted">{description}</div>}
          {component.unexplainedSince && (
            <div className="text-[13px] text-warn">No open incident says why it is so.</div>
          )}
        </div>
      </div>
      <div className="flex shrink-0 flex-wrap gap-1 max-md:[&_button]:min-h-11">
        {component.unexplainedSince && canMend && (
          <ActButton
            label="Mark operational"
            name={`Mark operational: ${name}`}
            variant="plain"
            act={() => refreshed(api.post(`${path}/mend`), `${name} is shown as operational.`)}
          />
        )}
        {canChange && <Acts component={component} all={all} onMove={move} />}
      </div>
    </li>
  );
}

type HandleProps = Pick<Props, "component" | "all" | "dragged"> & { onMove: (place: Place) => void };

/** What it is dragged by; with the arrow keys it does the same. */
function Handle({ component, all, dragged, onMove }: HandleProps) {
  function press(event: KeyboardEvent): void {
    const step = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : null;
    if (step === null) return;
    event.preventDefault();
    const place = placeOnStep(component, all, step);
    if (place) onMove(place);
  }
  return (
    <button
      type="button"
      draggable
      aria-label={`Move ${component.name} by dragging or with the arrow keys`}
      onKeyDown={press}
      onDragStart={(event) => {
        dragged.current = component;
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", component.name);
      }}
      onDragEnd={() => {
        dragged.current = null;
      }}
      className="grid size-6 shrink-0 cursor-grab place-items-center rounded-sm text-muted hover:bg-raised hover:text-text"
    >
      <span aria-hidden="true">⠿</span>
    </button>
  );
}

type ActsProps = Pick<Props, "component" | "all"> & { onMove: (place: Place) => Promise<void> };

function Acts({ component, all, onMove }: ActsProps) {
  const refreshed = useRefreshed();
  const { name, group } = component;
  const path = `/api/v1/components/${component.id}`;
  const groups = all.filter((one) => one.group);
  const [up, down] = [placeOnStep(component, all, -1), placeOnStep(component, all, 1)];
  const step = (place: Place | null) => async () => {
    if (place) await onMove(place);
  };
  return (
    <>
      <ActButton label="↑" name={`Move ${name} up`} isDisabled={!up} act={step(up)} />
      <ActButton label="↓" name={`Move ${name} down`} isDisabled={!down} act={step(down)} />
      <FormDialog
        label="Edit"
        title={`Edit ${name}`}
        size="s"
        variant="quiet"
        onSubmit={(form) => refreshed(api.patch(path, group ? groupIn(form) : componentIn(form)), "Saved.")}
      >
        {(problem) => <ComponentFields component={component} groups={groups} isGroup={group} problem={problem} />}
      </FormDialog>
      <ConfirmButton
        label="Delete"
        title={`Delete ${name}`}
        onConfirm={() => refreshed(api.delete(path), `${name} deleted.`)}
      >
        {group ? "What stands in it stays on the page, where the group stood." : "It leaves the status page at once."}
      </ConfirmButton>
    </>
  );
}
