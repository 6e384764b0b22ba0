"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { ActButton } from "#/components/api/act-button.tsx";
import { api } from "#/components/api/client.ts";
import { ConfirmButton } from "#/components/api/confirm-button.tsx";
import { Button } from "#/components/ui/button.tsx";
import { onDemand } from "#/components/ui/on-demand.tsx";
import { toast } from "#/components/ui/toasts.tsx";
import type { AlertView } from "#/server/alerts/contract.ts";

const AttachDialog = onDemand(async () => (await import("./attach-dialog.tsx")).AttachDialog);

type Props = { alert: AlertView };

/** Where an alert goes that is in no incident: the one it is held after, another open one, or a new one. */
export function PlaceActs({ alert }: Props) {
  const router = useRouter();
  const [isAttaching, setAttaching] = useState(false);
  const { heldFor } = alert;

  async function place(into: string, done: (reference: string) => string): Promise<void> {
    const placed = await api.post<AlertView>(`/api/v1/alerts/${alert.id}/place`, { into });
    router.refresh();
    const reference = placed.incident?.reference;
    if (!reference) return;
    toast(done(reference), "ok", { label: `Go to ${reference}`, run: () => router.push(`/incidents/${reference}`) });
  }
  return (
    <div className="flex flex-wrap gap-2 max-md:[&>button]:min-h-11 max-md:[&>button]:grow">
      {heldFor && (
        <ActButton
          label={`Reopen ${heldFor.reference}`}
          variant="plain"
          act={() => place("reopen", (reference) => `${reference} is open again, with what was held after its end.`)}
        />
      )}
      <Button size="s" aria-haspopup="dialog" onClick={() => setAttaching(true)}>
        Attach to…
      </Button>
      <ConfirmButton
        label="Open a new incident"
        title={`Open a new incident for ${alert.title}`}
        variant="plain"
        onConfirm={() => place("new", (reference) => `${reference} is open in triage.`)}
      >
        An incident opens in triage, and whoever is told of those hears of it.
        {heldFor && " What is held with this alert goes into it too."}
      </ConfirmButton>
      {isAttaching && (
        <AttachDialog
          alert={alert}
          onClose={() => setAttaching(false)}
          onAttach={(into) => place(into, (reference) => `It is in ${reference} now.`)}
        />
      )}
    </div>
  );
}
