"use client";

import { useRoom } from "#/components/realtime/room/room-provider.tsx";
import { useNow } from "#/components/ui/clock.tsx";
import { type Board, fillTemplate } from "#/server/updates/shared/fill-template.ts";
import type { UpdateStatus } from "#/server/updates/shared/lists.ts";
import { byFit, type Template } from "#/server/updates/shared/templates.ts";
import { updateStatusWords } from "#/server/updates/shared/words.ts";
import { Button } from "../ui/button.tsx";
import { Menu } from "../ui/menu.tsx";
import type { UpdateForm } from "./update-form.ts";
import type { Draft } from "./use-draft.ts";
import type { Surroundings } from "./use-surroundings.ts";

/** Shown beside each other; the others are in a menu. */
const SHOWN_MAX = 3;

/** What the board says, for filling templates. */
export function useBoard(form: UpdateForm, around: Surroundings): Board {
  const { incident, updates } = useRoom().room;
  // What was published before says its name as well, before the components are read.
  const known = [...around.components, ...updates.flatMap((update) => update.components)];
  const names = form.components.flatMap(({ id }) => known.find((each) => each.id === id)?.name ?? []);
  return {
    components: names,
    services: incident.services.map((service) => service.name),
    impactText: incident.impactText,
    summary: incident.summary,
    severity: incident.severity,
    startedAt: new Date(incident.times.impactStartedAt ?? incident.declaredAt),
    endedAt: incident.times.impactEndedAt ? new Date(incident.times.impactEndedAt) : null,
  };
}

type Props = {
  form: UpdateForm;
  draft: Draft;
  around: Surroundings;
  onStatus: (status: UpdateStatus) => void;
  onClear: () => void;
};

/** What the text can be begun with: those meant for this severity and status first. */
export function TemplateChoice({ form, draft, around, onStatus, onClear }: Props) {
  const { incident } = useRoom().room;
  const board = useBoard(form, around);
  const now = new Date(useNow());
  const { meant, others } = byFit(around.templates, incident.severity, form.status);
  const isOver = incident.status === "resolved" || incident.status === "closed";
  function use(template: Template): void {
    const [status] = template.statuses;
    const moves = status && !template.statuses.includes(form.status) && (!isOver || status === "resolved");
    if (moves) onStatus(status);
    draft.replace(fillTemplate(template.body, board, now), `The text is “${template.name}” now.`);
  }
  const rest = [...meant.slice(SHOWN_MAX), ...others];
  return (
    <fieldset className="flex min-w-0 flex-wrap items-center gap-1.5">
      <legend className="sr-only">Begin with</legend>
      <span aria-hidden="true" className="mr-1 text-s text-muted">
        Begin with
      </span>
      {meant.slice(0, SHOWN_MAX).map((template) => (
        <Button key={template.id} size="s" className="max-md:min-h-11" onClick={() => use(template)}>
          {template.name}
        </Button>
      ))}
      {rest.length > 0 && (
        <Menu
          size="s"
          variant="quiet"
          className="max-md:[&>button]:min-h-11"
          items={rest.map((template) => ({
            label: template.name,
            hint: template.statuses.map((status) => updateStatusWords[status]).join(", ") || "Any status",
            onSelect: () => use(template),
          }))}
        >
          More templates
        </Menu>
      )}
      {draft.body.trim() !== "" && (
        <Button size="s" variant="quiet" className="ml-auto max-md:min-h-11" onClick={onClear}>
          Clear draft
        </Button>
      )}
      <span aria-live="polite" className="flex w-full flex-wrap items-center gap-2 text-s text-muted empty:hidden">
        {draft.replaced && (
          <>
            {draft.replaced.said}
            <Button size="s" className="max-md:min-h-11" onClick={draft.replaced.undo}>
              Undo
            </Button>
          </>
        )}
      </span>
    </fieldset>
  );
}
