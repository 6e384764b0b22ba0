import { fieldProblem } from "#/components/api/client.ts";
import { textIn } from "#/components/api/form-values.ts";
import { Checkbox, Select, TextField } from "#/components/ui/field.tsx";
import type { ChangeComponentInput, ComponentView, CreateComponentInput } from "#/server/audience/contract.ts";

type Props = {
  component?: ComponentView | undefined;
  groups: readonly ComponentView[];
  /** Whether it is about a group, which has a name and a description only. */
  isGroup: boolean;
  problem: unknown;
};

/** Name and words; for a component also where it stands and how the page shows it. */
export function ComponentFields({ component, groups, isGroup, problem }: Props) {
  return (
    <>
      <TextField
        label="Name"
        name="name"
        defaultValue={component?.name}
        maxLength={80}
        error={fieldProblem(problem, "/name")}
        required
      />
      <TextField
        label="Description"
        name="description"
        defaultValue={component?.description}
        maxLength={300}
        error={fieldProblem(problem, "/description")}
      />
      {!isGroup && (
        <>
          {groups.length > 0 && (
            <Select
              label="Group"
              name="groupId"
              defaultValue={component?.groupId ?? ""}
              error={fieldProblem(problem, "/groupId")}
            >
              <option value="">None</option>
              {groups.map((group) => (
                <option key={group.id} value={group.id}>
                  {group.name}
                </option>
              ))}
            </Select>
          )}
          <TextField
            label="Counts from"
            name="startOn"
            type="date"
            defaultValue={component?.startOn ?? ""}
            hint="The first day of its uptime. Empty: the day it was added"
            error={fieldProblem(problem, "/startOn")}
          />
          <Checkbox name="showcase" defaultChecked={component?.showcase ?? true} label="Show its uptime" />
          <Checkbox
            name="onlyShowIfDegraded"
            defaultChecked={component?.onlyShowIfDegraded ?? false}
            label="Show it only when something is wrong"
          />
        </>
      )}
    </>
  );
}

/** A group as the form says. */
export function groupIn(form: FormData): CreateComponentInput & ChangeComponentInput {
  return { name: textIn(form, "name"), description: textIn(form, "description") };
}

/** A component as the form says. */
export function componentIn(form: FormData): CreateComponentInput & ChangeComponentInput {
  return {
    ...groupIn(form),
    ...(form.has("groupId") && { groupId: textIn(form, "groupId") || null }),
    startOn: textIn(form, "startOn") || null,
    showcase: form.get("showcase") === "on",
    onlyShowIfDegraded: form.get("onlyShowIfDegraded") === "on",
  };
}
