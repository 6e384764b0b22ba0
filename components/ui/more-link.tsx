import { ButtonLink } from "./button.tsx";

type Props = { path: string; filters: Readonly<Record<string, string>>; cursor: string | null };

/** Goes to the next page of a list, its filters kept; nothing at the end. */
export function MoreLink({ path, filters, cursor }: Props) {
  if (!cursor) return null;
  const kept = Object.entries(filters).filter(([, value]) => value);
  const query = new URLSearchParams([...kept, ["cursor", cursor]]);
  return (
    <p className="mt-4">
      <ButtonLink href={`${path}?${query}`}>Older</ButtonLink>
    </p>
  );
}
