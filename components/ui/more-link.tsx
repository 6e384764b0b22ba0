import { ButtonLink } from "./button.tsx";
import { type Filters, pathWith } from "./query.ts";

type Props = { path: string; filters: Filters; cursor: string | null };

/** Goes to the next page of a list, its filters kept; nothing at the end. */
export function MoreLink({ path, filters, cursor }: Props) {
  if (!cursor) return null;
  return (
    <p className="mt-4">
      <ButtonLink href={pathWith(path, { ...filters, cursor })}>Older</ButtonLink>
    </p>
  );
}
