"use client";

import { IconButton } from "#/components/ui/button.tsx";
import { Select } from "#/components/ui/field.tsx";
import type { ComponentView } from "#/server/audience/contract.ts";
import { type ComponentStatus, componentStatuses } from "#/server/audience/shared/lists.ts";
import { componentStatusWords } from "#/server/updates/shared/words.ts";
import { legendClass } from "./status-choice.tsx";
import type { UpdateForm } from "./update-form.ts";

type Props = {
  form: UpdateForm;
  components: readonly ComponentView[];
  onChange: (part: Partial<UpdateForm>) => void;
};

/** Which components are touched, and how. A resolved incident leaves all of its own operational. */
export function ComponentChoice({ form, components, onChange }: Props) {
  if (components.length === 0 || form.status === "resolved") return null;
  const chosen = form.components;
  const set = (id: string, status: ComponentStatus) =>
    onChange({ components: chosen.map((each) => (each.id === id ? { id, status } : each)) });
  const others = components.filter((component) => chosen.every((each) => each.id !== component.id));
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className={legendClass}>Components</legend>
      {chosen.map(({ id, status }) => {
        const name = components.find((each) => each.id === id)?.name ?? "A component that is gone";
        return (
          <div key={id} className="grid grid-cols-[minmax(0,1fr)_minmax(0,1.9fr)_auto] items-center gap-2">
            <span className="truncate text-s">{name}</span>
            <Select
              label={`State of ${name}`}
              isLabelHidden
              value={status}
              onChange={(event) => set(id, event.target.value as ComponentStatus)}
            >
              {componentStatuses.map((each) => (
                <option key={each} value={each}>
                  {componentStatusWords[each]}
                </option>
              ))}
            </Select>
            <IconButton
              label={`Leave out ${name}`}
              onClick={() => onChange({ components: chosen.filter((each) => each.id !== id) })}
            >
              ✕
            </IconButton>
          </div>
        );
      })}
      {others.length > 0 && (
        <Select
          label="Add a component"
          isLabelHidden
          value=""
          onChange={(event) =>
            onChange({ components: [...chosen, { id: event.target.value, status: "partial_outage" }] })
          }
        >
          <option value="">+ Component</option>
          {others.map((component) => (
            <option key={component.id} value={component.id}>
              {component.name}
            </option>
          ))}
        </Select>
      )}
    </fieldset>
  );
}
