"use client";

import { fieldProblem } from "#/components/api/client.ts";
import { updatePauses } from "#/components/room/next-update.tsx";
import { Select, TextField } from "#/components/ui/field.tsx";
import type { ComponentView } from "#/server/audience/contract.ts";
import { PUBLIC_TITLE_LENGTH_MAX } from "#/server/updates/shared/lists.ts";
import type { UpdateForm } from "./update-form.ts";

type TitleProps = {
  form: UpdateForm;
  components: readonly ComponentView[];
  onChange: (part: Partial<UpdateForm>) => void;
  problem: unknown;
};

/** The name that the server gives when nobody gives one. Pure. */
export function titleWhenEmpty(form: UpdateForm, components: readonly Pick<ComponentView, "id" | "name">[]): string {
  const names = form.components.flatMap(({ id }) => components.find((each) => each.id === id)?.name ?? []);
  if (names.length === 0) return "Service incident";
  return `Incident affecting ${names.length === 1 ? names[0] : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`}`;
}

/** What the public calls it. The room's own title never leaves the building. */
export function PublicTitle({ form, components, onChange, problem }: TitleProps) {
  if (form.audience === "internal") return null;
  return (
    <TextField
      label="Public title"
      value={form.title}
      onChange={(event) => onChange({ title: event.target.value })}
      maxLength={PUBLIC_TITLE_LENGTH_MAX}
      placeholder={titleWhenEmpty(form, components)}
      error={fieldProblem(problem, "/title")}
      hint="The room's own title is never shown outside."
    />
  );
}

type NextProps = { value: number | null; onChange: (minutes: number | null) => void };

/** When people were promised to hear again. */
export function NextUpdateChoice({ value, onChange }: NextProps) {
  return (
    <Select
      label="Next update due"
      value={value === null ? "" : String(value)}
      onChange={(event) => onChange(event.target.value === "" ? null : Number(event.target.value))}
    >
      <option value="">Leave as it is</option>
      {updatePauses.map((minutes) => (
        <option key={minutes} value={minutes}>
          {minutes < 60 ? `In ${minutes} min` : `In ${minutes / 60} h`}
        </option>
      ))}
      <option value="0">None</option>
    </Select>
  );
}
