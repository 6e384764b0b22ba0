"use client";

import { api } from "#/components/api/client.ts";
import { ConfirmButton } from "#/components/api/confirm-button.tsx";
import { Row, Rows } from "#/components/settings/rows.tsx";
import { Subsection } from "#/components/settings/section-page.tsx";
import { useRefreshed } from "#/components/settings/use-refreshed.ts";
import { useRefreshAt } from "#/components/ui/use-refresh-at.ts";
import type { SilenceView } from "#/server/alerts/muting/contract.ts";
import { QuietTime } from "./mute-row.tsx";

type Props = { silences: readonly SilenceView[]; canChange: boolean };

/** What Alertmanager's users silenced: it is set where they work, and can be ended here. */
export function SilencesPanel({ silences, canChange }: Props) {
  useRefreshAt(silences.map(({ state, from, until }) => (state === "planned" ? from : until)));
  if (silences.length === 0) return null;
  return (
    <Subsection title="Silences of Alertmanager">
      <Rows label="Silences">
        {silences.map((silence) => (
          <SilenceRow key={silence.id} silence={silence} canChange={canChange} />
        ))}
      </Rows>
    </Subsection>
  );
}

function SilenceRow({ silence, canChange }: { silence: SilenceView; canChange: boolean }) {
  const refreshed = useRefreshed();
  const { id, integration, matchers, reason } = silence;
  const what = matchers.join(", ");
  return (
    <Row
      title={
        <>
          {integration.name}
          {" where "}
          <code className="font-mono text-xs wrap-anywhere">{what}</code>
        </>
      }
      facts={
        <>
          {reason && <p className="wrap-anywhere">{reason}</p>}
          <p>
            <QuietTime {...silence} />
          </p>
        </>
      }
      acts={
        canChange && (
          <ConfirmButton
            label="End now"
            title={`End now the silence of ${integration.name} where ${what}`}
            onConfirm={() =>
              refreshed(
                api.post(`/api/v1/alert-silences/${id}/end`),
                "Ended. What still fires is placed within seconds.",
              )
            }
          >
            What it keeps quiet and what still fires is placed by the routes: it may open incidents, and people are
            told.
          </ConfirmButton>
        )
      }
    />
  );
}
