"use client";

import { useState } from "react";
import { ActButton } from "#/components/api/act-button.tsx";
import { api } from "#/components/api/client.ts";
import { ConfirmButton } from "#/components/api/confirm-button.tsx";
import { Button, ButtonLink } from "#/components/ui/button.tsx";
import { CopyField } from "#/components/ui/copy-field.tsx";
import { Tag } from "#/components/ui/tag.tsx";
import { Duration } from "#/components/ui/time.tsx";
import type { IntegrationView, SourceView } from "#/server/alerts/contract.ts";
import { IntegrationForward } from "./integration-forward.tsx";
import { Row } from "./rows.tsx";
import { useRefreshed } from "./use-refreshed.ts";

type Props = {
  integration: IntegrationView;
  source: SourceView | undefined;
  canChange: boolean;
  isOpenAtFirst: boolean;
};

/** One integration; opened, it shows its URL and what to paste at the sender. */
export function IntegrationRow({ integration, source, canChange, isOpenAtFirst }: Props) {
  const [isOpen, setOpen] = useState(isOpenAtFirst);
  const { lastReceivedAt, url } = integration;
  return (
    <Row
      title={integration.name}
      tags={!integration.enabled && <Tag tone="warn">Off</Tag>}
      facts={
        <>
          {source?.name ?? integration.source}
          {integration.service && ` · ${integration.service.name}`}
          {" · "}
          {lastReceivedAt ? (
            <>
              last received <Duration from={lastReceivedAt} /> ago
            </>
          ) : (
            "nothing received yet"
          )}
          {integration.forwardUrl && " · forwards"}
        </>
      }
      acts={
        <>
          {url && (
            <Button size="s" variant="quiet" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
              {isOpen ? "Hide URL" : "Show URL"}
            </Button>
          )}
          {canChange && (
            <ButtonLink
              size="s"
              variant="quiet"
              href={`/settings/integrations/${integration.id}`}
              aria-label={`Map ${integration.name}`}
            >
              Map
            </ButtonLink>
          )}
          {canChange && (
            <ButtonLink
              size="s"
              variant="quiet"
              href={`/settings/integrations/${integration.id}#heartbeats`}
              aria-label={`Heartbeats of ${integration.name}`}
            >
              Heartbeats
            </ButtonLink>
          )}
          {canChange && <IntegrationActs integration={integration} />}
        </>
      }
    >
      {isOpen && url && <ConnectHelp snippet={source?.snippet ?? null} url={url} />}
    </Row>
  );
}

function ConnectHelp({ snippet, url }: { snippet: SourceView["snippet"]; url: string }) {
  return (
    <div className="mt-3 flex flex-col gap-3 rounded-md border border-line bg-panel p-3.5">
      <CopyField label="URL" value={url} />
      {snippet && <CopyField label={snippet.title} value={snippet.text.replaceAll("{url}", url)} isBlock />}
      <p className="text-s text-muted">Whoever has this URL can send alerts. Rotate it when it got into wrong hands.</p>
    </div>
  );
}

function IntegrationActs({ integration }: { integration: IntegrationView }) {
  const refreshed = useRefreshed();
  const path = `/api/v1/integrations/${integration.id}`;
  const { enabled, name } = integration;
  return (
    <>
      <ActButton
        label={enabled ? "Turn off" : "Turn on"}
        name={`${enabled ? "Turn off" : "Turn on"} ${name}`}
        act={() => refreshed(api.patch(path, { enabled: !enabled }))}
      />
      <IntegrationForward integration={integration} />
      <ConfirmButton
        label="Rotate"
        title={`Rotate the URL of ${name}`}
        onConfirm={() => refreshed(api.post(`${path}/rotate`), "New URL made. Set it at the sender now.")}
      >
        The old URL ends at once: what is sent to it after that is refused until the sender has the new one.
      </ConfirmButton>
      <ConfirmButton
        label="Delete"
        title={`Delete ${name}`}
        onConfirm={() => refreshed(api.delete(path), `${name} deleted.`)}
      >
        What its sender sends after that is refused. Alerts that came from it stay.
      </ConfirmButton>
    </>
  );
}
