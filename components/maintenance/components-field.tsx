import { Checkbox } from "#/components/ui/field.tsx";
import type { ComponentView } from "#/server/audience/contract.ts";

type Props = { components: readonly ComponentView[]; chosen: readonly string[]; error: string | undefined };

/** Which components are touched, those of a group together. */
export function ComponentsField({ components, chosen, error }: Props) {
  const box = (component: ComponentView) => (
    <Checkbox
      key={component.id}
      name="components"
      value={component.id}
      label={component.name}
      defaultChecked={chosen.includes(component.id)}
    />
  );
  const single = components.filter((one) => !one.group && one.groupId === null);
  const groups = components.filter((one) => one.group && one.components.length > 0);
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1 text-s font-[550]">Components</legend>
      {components.length === 0 ? (
        <p className="text-s text-muted">There is none yet. Without one the page only tells of it.</p>
      ) : (
        <p className="text-s text-muted">Meanwhile these are shown as under maintenance.</p>
      )}
      <div className="grid gap-2 sm:grid-cols-2">{single.map(box)}</div>
      {groups.map((group) => (
        <fieldset key={group.id} className="border-l-2 border-line pl-3">
          <legend className="text-s text-muted">{group.name}</legend>
          <div className="grid gap-2 sm:grid-cols-2">
            {components.filter((one) => one.groupId === group.id).map(box)}
          </div>
        </fieldset>
      ))}
      {error && <p className="text-s text-bad">{error}</p>}
    </fieldset>
  );
}
