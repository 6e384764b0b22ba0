"use client";

import { useEffect, useEffectEvent, useState } from "react";
import { api } from "#/components/api/client.ts";
import { ConfirmButton } from "#/components/api/confirm-button.tsx";
import { CopyField } from "#/components/ui/copy-field.tsx";
import { Tag, type Tone } from "#/components/ui/tag.tsx";
import { Duration } from "#/components/ui/time.tsx";
import { toast } from "#/components/ui/toasts.tsx";
import type { HeartbeatView, IntegrationView } from "#/server/alerts/contract.ts";
import { HeartbeatDialog } from "./heartbeat-dialog.tsx";
import { everyWords } from "./heartbeat-words.ts";
import { Row, Rows } from "./rows.tsx";
import { Subsection } from "./section-page.tsx";

/** A ping shows soon after it came, while somebody looks. */
const LOOK_EVERY_MS = 5_000;

const looks: Record<HeartbeatView["state"], { word: string; tone: Tone }> = {
  off: { word: "Off", tone: "plain" },
  waiting: { word: "Waiting for the first ping", tone: "plain" },
  fine: { word: "Fine", tone: "ok" },
  missing: { word: "Missing", tone: "bad" },
};

type Props = { integration: IntegrationView; initial: readonly HeartbeatView[] };

/** What has to report to an integration regularly: an alert fires when it does not. */
export function HeartbeatsPanel({ integration, initial }: Props) {
  const path = `/api/v1/integrations/${integration.id}/heartbeats`;
  const [heartbeats, setHeartbeats] = useState(initial);
  const read = async () => setHeartbeats((await api.get<{ items: HeartbeatView[] }>(path)).items);
  const look = useEffectEvent(() => {
    // Without an answer what is known stays; the next look makes it good.
    if (!document.hidden) read().catch(() => undefined);
  });
  useEffect(() => {
    const timer = setInterval(look, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const changed = async (act: Promise<unknown>, said: string) => {
    await act;
    await read();
    toast(said);
  };
  return (
    <div id="heartbeats">
      <Subsection title="Heartbeats">
        <p className="mb-3 max-w-prose text-s text-muted">
          A job that must run regularly pings its heartbeat each time. When a ping is late, an alert fires; the next
          ping ends it. It is watched from its first ping on.
        </p>
        {heartbeats.length > 0 && (
          <Rows label="Heartbeats">
            {heartbeats.map((one) => (
              <HeartbeatRow
                key={one.id}
                heartbeat={one}
                apiKey={integration.key ?? ""}
                onChange={(change) => changed(api.patch(`${path}/${one.id}`, change), `${one.name} changed.`)}
                onRemove={() => changed(api.delete(`${path}/${one.id}`), `${one.name} removed.`)}
              />
            ))}
          </Rows>
        )}
        <div className="mt-3">
          <HeartbeatDialog
            label="Add heartbeat"
            title="Add heartbeat"
            onSave={(heartbeat) =>
              changed(api.post(path, heartbeat), "Heartbeat added. It is watched from its first ping.")
            }
          />
        </div>
      </Subsection>
    </div>
  );
}

type RowProps = {
  heartbeat: HeartbeatView;
  apiKey: string;
  onChange: (change: object) => Promise<void>;
  onRemove: () => Promise<void>;
};

function HeartbeatRow({ heartbeat, apiKey, onChange, onRemove }: RowProps) {
  const { name, state, lastPingAt, missingAt } = heartbeat;
  const look = looks[state];
  const line = `curl -fsS --retry 3 -X POST -H 'Authorization: GenieKey ${apiKey}' '${heartbeat.pingUrl.replaceAll("'", "%27")}'`;
  return (
    <Row
      title={name}
      tags={<Tag tone={look.tone}>{look.word}</Tag>}
      facts={
        <>
          {everyWords(heartbeat.intervalSeconds)} · {heartbeat.severity}
          {" · "}
          {lastPingAt ? (
            <>
              last ping <Duration from={lastPingAt} /> ago
            </>
          ) : (
            "no ping yet"
          )}
          {missingAt && (
            <>
              {" · missing for "}
              <Duration from={missingAt} />
            </>
          )}
          {heartbeat.description && ` · ${heartbeat.description}`}
        </>
      }
      acts={
        <>
          <HeartbeatDialog label="Change" title={`Change ${name}`} heartbeat={heartbeat} onSave={onChange} />
          <ConfirmButton label="Remove" title={`Remove ${name}`} onConfirm={onRemove}>
            Nobody watches it any more, and its alert ends. A ping that comes later adds it again, turned off.
          </ConfirmButton>
        </>
      }
    >
      <details className="mt-1">
        <summary className="inline-block min-h-6 cursor-pointer text-s text-accent max-md:min-h-11">
          How to ping <span className="sr-only">{name}</span>
        </summary>
        <CopyField label="Run this each time" value={line} isBlock />
        <p className="mt-1 text-s text-muted">The key in it is the integration&apos;s: keep it like a password.</p>
      </details>
    </Row>
  );
}
