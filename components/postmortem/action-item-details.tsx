import { Select, TextField } from "#/components/ui/field.tsx";
import type { Person } from "./action-item-row.tsx";

type Props = { people: readonly Person[]; owner: Person | null; dueOn: string | null };

/** Who owns an action item and when it is due, as fields of a form. */
export function ActionItemDetails({ people, owner, dueOn }: Props) {
  const isListed = owner === null || people.some((person) => person.id === owner.id);
  const choices = isListed ? people : [owner, ...people];
  return (
    <div className="flex flex-col gap-2">
      <Select
        // The list comes after the form: an owner it lacks would be lost.
        key={choices.length}
        label="Owner"
        name="ownerId"
        defaultValue={owner?.id ?? ""}
      >
        <option value="">No owner</option>
        {choices.map((person) => (
          <option key={person.id} value={person.id}>
            {person.name}
          </option>
        ))}
      </Select>
      <TextField label="Due" type="date" name="dueOn" defaultValue={dueOn ?? ""} />
    </div>
  );
}
