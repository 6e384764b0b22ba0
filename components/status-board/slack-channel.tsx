"use client";

import { api } from "#/components/api/client.ts";
import { ConfirmButton } from "#/components/api/confirm-button.tsx";
import { useMe, useRoom } from "#/components/realtime/room/room-provider.tsx";
import { incidentPath } from "#/components/room/incident-path.ts";
import { useAct } from "#/components/room/use-act.ts";
import { Button } from "#/components/ui/button.tsx";

/** The incident's own channel in Slack: how it stands, and how to get one. */
export function SlackChannel() {
  const { incident, chat } = useRoom().room;
  const { canWrite } = useMe();
  const { act, isPending } = useAct();
  const { channel, canOpen } = chat;
  const path = incidentPath(incident.id, "slack-channel");
  const mayOpen = canWrite && canOpen;
  if (channel?.state === "open") {
    return (
      <div className="flex min-w-0 grow flex-col">
        <span className="flex min-w-0 items-center gap-1">
          <ChannelLink name={channel.name} url={channel.url} />
          {canWrite && (
            <span className="ml-auto">
              <ConfirmButton
                label="Archive"
                title={`Archive #${channel.name}`}
                onConfirm={async () => void (await api.delete(path))}
              >
                Nobody can write there any more. What was said stays here.
              </ConfirmButton>
            </span>
          )}
        </span>
        {channel.error && <p className="text-xs text-warn wrap-anywhere">{channel.error}</p>}
        {channel.unknownPeople.length > 0 && (
          <p className="text-xs text-muted wrap-anywhere">Slack does not know {channel.unknownPeople.join(", ")}.</p>
        )}
      </div>
    );
  }
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
      {channel?.state === "opening" && <span className="text-muted">Being opened…</span>}
      {channel?.state === "archived" && channel.url && (
        <span className="flex min-w-0 gap-1 text-muted">
          <ChannelLink name={channel.name} url={channel.url} /> archived
        </span>
      )}
      {mayOpen && channel?.state !== "opening" && (
        <Button
          size="s"
          isPending={isPending}
          className="max-[900px]:min-h-11"
          onClick={() => void act(() => api.post(path))}
        >
          {channel?.state === "failed" ? "Try again" : "Open a channel"}
        </Button>
      )}
      {channel && channel.state !== "archived" && channel.error && (
        <p className="w-full text-xs text-bad wrap-anywhere">{channel.error}</p>
      )}
    </div>
  );
}

function ChannelLink({ name, url }: { name: string; url: string }) {
  return (
    <a
      href={url}
      target="_blank"
      rel="noopener noreferrer"
      title={`#${name}`}
      className="min-w-0 truncate py-0.5 text-accent hover:underline"
    >
      #{name}
    </a>
  );
}
