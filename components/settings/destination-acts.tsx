"use client";

import { ActButton } from "#/components/api/act-button.tsx";
import { api } from "#/components/api/client.ts";
import { FormDialog } from "#/components/api/form-dialog.tsx";
import { CopyField } from "#/components/ui/copy-field.tsx";
import { Tag } from "#/components/ui/tag.tsx";
import { toast } from "#/components/ui/toasts.tsx";
import type { DestinationView, DestinationWithSecret } from "#/server/audience/contract.ts";
import { changeIn, DestinationFields } from "./destination-fields.tsx";
import { useRefreshed } from "./use-refreshed.ts";

/** Sends a test message and says how it went. */
export function TestButton({ destination }: { destination: DestinationView }) {
  const refreshed = useRefreshed();
  async function test(): Promise<void> {
    const { testError } = await api.post<DestinationView>(`/api/v1/destinations/${destination.id}/test`);
    await refreshed(Promise.resolve());
    if (testError) toast(`It did not arrive. ${testError}`, "bad");
    else toast(`A test message arrived at ${destination.name}.`);
  }
  return <ActButton label="Test" name={`Test ${destination.name}`} act={test} />;
}

export function EditDestination({ destination }: { destination: DestinationView }) {
  const refreshed = useRefreshed();
  return (
    <FormDialog
      label="Edit"
      title={`Edit ${destination.name}`}
      size="s"
      variant="quiet"
      onSubmit={(form) => refreshed(api.patch(`/api/v1/destinations/${destination.id}`, changeIn(form)), "Saved.")}
    >
      {(problem) => <DestinationFields destination={destination} problem={problem} />}
    </FormDialog>
  );
}

/** Whether anything gets there, and through whom. */
export function DestinationTags({ destination }: { destination: DestinationView }) {
  return (
    <>
      {!destination.enabled && <Tag tone="warn">Off</Tag>}
      {destination.enabled && destination.audiences.length === 0 && <Tag tone="warn">In no audience</Tag>}
      {destination.testError && <Tag tone="bad">Last test failed</Tag>}
    </>
  );
}

/** A signing secret, this once. */
export function SecretOnce({ made }: { made: DestinationWithSecret | null }) {
  if (!made?.secret) return null;
  return (
    <div className="flex flex-col gap-2 rounded-md border border-ok/40 bg-panel p-3.5">
      <CopyField label={`Signing secret of ${made.name}`} value={made.secret} />
      <p className="text-s text-muted">Copy it to the receiver now: it is not shown again.</p>
    </div>
  );
}
