import { ButtonLink } from "#/components/ui/button.tsx";
import { EmptyState } from "#/components/ui/empty-state.tsx";

/** Says why the list of alerts is empty and what to do about it. */
export function NoAlerts({ isFiltered, canConnect }: { isFiltered: boolean; canConnect: boolean }) {
  if (isFiltered) {
    return <EmptyState title="No alert matches" action={<ButtonLink href="/alerts">Show all alerts</ButtonLink>} />;
  }
  return (
    <EmptyState
      title="No alert has come in"
      action={
        canConnect && (
          <ButtonLink href="/settings/integrations" variant="primary">
            Connect an integration
          </ButtonLink>
        )
      }
    >
      What an integration sends is listed here, with how often it came and why it was grouped as it was.
    </EmptyState>
  );
}
