"use client";

import { fieldProblem } from "#/components/api/client.ts";
import { TextField } from "#/components/ui/field.tsx";
import type { ComponentView } from "#/server/audience/contract.ts";
import { listed } from "#/server/updates/shared/fill-template.ts";
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
  return names.length === 0 ? "Service incident" : `Incident affecting ${listed(names)}`;
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
