import { ButtonLink } from "#/components/ui/button.tsx";
import { EmptyState } from "#/components/ui/empty-state.tsx";

type Props = { isFiltered: boolean; hasIntegrations: boolean; canConnect: boolean };

/** Says why the list is empty and what to do about it. */
export function NoIncidents({ isFiltered, hasIntegrations, canConnect }: Props) {
  if (isFiltered) {
    return (
      <EmptyState title="No incident matches" action={<ButtonLink href="/incidents">Show all incidents</ButtonLink>}>
        Search looks at references, titles and summaries.
      </EmptyState>
    );
  }
  if (hasIntegrations || !canConnect) {
    return (
      <EmptyState title="All quiet">
        There has been no incident. One opens here when an alert asks for it, or when somebody declares it.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="Nothing here yet"
      action={
        <ButtonLink href="/settings/integrations" variant="primary">
          Connect an integration
        </ButtonLink>
      }
    >
      Connect Alertmanager or anything that sends JSON, and its alerts open incidents here. Or declare one by hand, to
      see what a room is like.
    </EmptyState>
  );
}
