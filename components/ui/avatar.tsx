import { cx } from "./cx.ts";
import { personColour } from "./person-colours.ts";

const colours = [
  "bg-p1",
  "bg-p2",
  "bg-p3",
  "bg-p4",
  "bg-p5",
  "bg-p6",
  "bg-p7",
  "bg-p8",
  "bg-p9",
  "bg-p10",
  "bg-p11",
  "bg-p12",
] as const;

/** The first letters of the first and the last name. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const first = Array.from(words[0] ?? "")[0] ?? "?";
  const last = words.length > 1 ? (Array.from(words.at(-1) ?? "")[0] ?? "") : "";
  return (first + last).toUpperCase();
}

const sizes = { s: "size-[22px] text-[9px]", m: "size-6 text-[9.5px]", l: "size-7 text-[11px]" } as const;
type Props = { person: { id: string; name: string }; size?: keyof typeof sizes | undefined; isNamed?: boolean };

/** A person's initials on their colour. Decoration beside a name; with `isNamed` it carries the name itself. */
export function Avatar({ person, size = "m", isNamed = false }: Props) {
  const named = isNamed ? { role: "img", "aria-label": person.name, title: person.name } : { "aria-hidden": true };
  return (
    <span
      {...named}
      className={cx(
        "inline-grid shrink-0 place-items-center rounded-full leading-none font-semibold text-on-person",
        colours[personColour(person.id) - 1],
        sizes[size],
      )}
    >
      {initialsOf(person.name)}
    </span>
  );
}
