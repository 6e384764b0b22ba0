"use client";

import { useState } from "react";
import { api, problemText } from "#/components/api/client.ts";
import { Banner } from "#/components/ui/banner.tsx";
import { Button } from "#/components/ui/button.tsx";
import { CopyField } from "#/components/ui/copy-field.tsx";
import type { SettingsView } from "#/server/settings/contract.ts";
import type { SlackCheckView } from "#/server/slack/contract.ts";
import { slackManifest, slackScopes } from "#/server/slack/shared/manifest.ts";

/** How the app in Slack is made, and whether it can do what it has to. */
export function SlackSetup({ settings }: { settings: SettingsView }) {
  const { configured } = settings.slack;
  return (
    <div className="mt-4 flex max-w-xl flex-col gap-3">
      {configured && <CheckSlack />}
      <details className="group rounded-md border border-line" open={!configured || undefined}>
        <summary className="flex min-h-9 cursor-pointer items-center gap-2 px-3 text-s max-[900px]:min-h-11">
          <span aria-hidden="true" className="group-open:rotate-90">
            ▸
          </span>
          Make the Slack app
        </summary>
        <Steps publicUrl={settings.publicUrl} />
      </details>
    </div>
  );
}

function Steps({ publicUrl }: { publicUrl: string }) {
  const manifest = JSON.stringify(slackManifest(publicUrl), null, 2);
  const address = `https://api.slack.com/apps?new_app=1&manifest_json=${encodeURIComponent(manifest)}`;
  return (
    <div className="flex flex-col gap-3 border-t border-line px-3 py-3 text-s">
      {!publicUrl.startsWith("https:") && (
        <Banner tone="warn" title="Slack cannot reach this server.">
          PUBLIC_URL is {publicUrl}; commands and buttons need an https address. Posting works without.
        </Banner>
      )}
      <ol className="list-decimal space-y-1.5 pl-5">
        <li>
          <a href={address} target="_blank" rel="noopener noreferrer" className="text-accent underline">
            Create the app in Slack
          </a>{" "}
          with the manifest below, and install it into your workspace.
        </li>
        <li>Copy the bot token (OAuth &amp; Permissions) and the signing secret (Basic Information) into the form.</li>
        <li>Invite @Muster into the channel that hears of incidents, when the channel is private.</li>
      </ol>
      <div className="max-h-64 overflow-y-auto">
        <CopyField label="App manifest" value={manifest} isBlock />
      </div>
      <ul className="space-y-0.5 text-xs text-muted" aria-label="What the app may do">
        {Object.entries(slackScopes).map(([scope, about]) => (
          <li key={scope}>
            <code className="text-text">{scope}</code> {about}
          </li>
        ))}
      </ul>
    </div>
  );
}

function CheckSlack() {
  const [found, setFound] = useState<SlackCheckView | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isPending, setPending] = useState(false);
  async function check(): Promise<void> {
    setPending(true);
    setProblem(null);
    try {
      setFound(await api.post<SlackCheckView>("/api/v1/settings/slack/check"));
    } catch (error) {
      setProblem(problemText(error));
    } finally {
      setPending(false);
    }
  }
  return (
    <div className="flex flex-col items-start gap-2">
      <Button size="s" isPending={isPending} onClick={() => void check()}>
        Check the connection
      </Button>
      {problem && (
        <Banner tone="bad" isAlert>
          {problem}
        </Banner>
      )}
      {found && <Found found={found} />}
    </div>
  );
}

function Found({ found }: { found: SlackCheckView }) {
  const who = found.workspace ? `Connected to ${found.workspace} as ${found.bot}.` : "Not connected.";
  return (
    <Banner tone={found.ok ? "ok" : found.workspace ? "warn" : "bad"} title={who} isAlert>
      {found.problems.length > 0 && (
        <ul className="list-disc pl-4">
          {found.problems.map((each) => (
            <li key={each}>{each}</li>
          ))}
        </ul>
      )}
      {found.missingScopes.length > 0 && <p>Missing: {found.missingScopes.join(", ")}</p>}
    </Banner>
  );
}
