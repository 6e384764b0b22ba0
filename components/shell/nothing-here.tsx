import { ButtonLink } from "#/components/ui/button.tsx";

type Props = { title?: string; children?: string };

/** For what does not exist, or may not be seen: the same words for both, so that nothing is given away. */
export function NothingHere({ title = "There is nothing here", children }: Props) {
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col items-start justify-center gap-4 p-6">
      <h1 className="text-xl font-semibold">{title}</h1>
      <p className="text-muted">{children ?? "It does not exist, or you are not allowed to see it."}</p>
      <ButtonLink href="/incidents" variant="primary">
        All incidents
      </ButtonLink>
    </main>
  );
}
