"use client";

import { api, fieldProblem } from "#/components/api/client.ts";
import { ConfirmButton } from "#/components/api/confirm-button.tsx";
import { textIn } from "#/components/api/form-values.ts";
import { TextField } from "#/components/ui/field.tsx";
import { Tag } from "#/components/ui/tag.tsx";
import type { SettingsView } from "#/server/settings/contract.ts";
import { BouncesForm } from "./bounces-form.tsx";
import { NobodyHears } from "./nobody-hears.tsx";
import { SectionPage, Subsection } from "./section-page.tsx";
import { SettingsForm } from "./settings-form.tsx";
import { SlackSetup } from "./slack-setup.tsx";
import { TellLists } from "./tell-lists.tsx";
import { useRefreshed } from "./use-refreshed.ts";

/** How people hear: Slack, e-mail, and who is told when a triage incident opens. */
export function ChannelsPanel({ settings }: { settings: SettingsView }) {
  return (
    <SectionPage title="Channels" about="How people hear: of new incidents, and of published updates.">
      <NobodyHears settings={settings} isHere />
      <Subsection title="Slack">
        <SlackForm slack={settings.slack} />
        <SlackSetup settings={settings} />
      </Subsection>
      <Subsection title="E-mail">
        <MailForm smtp={settings.smtp} />
      </Subsection>
      <Subsection title="Mail that comes back">
        <BouncesForm bounces={settings.bounces} />
      </Subsection>
      <Subsection title="Who hears of every new incident">
        <TellLists settings={settings} />
      </Subsection>
    </SectionPage>
  );
}

type State = { configured: boolean; from: "environment" | "settings" | null };

function StateLine({ state, detail }: { state: State; detail: string | null }) {
  return (
    <p className="mb-3 flex flex-wrap items-center gap-2 text-s text-muted">
      <Tag tone={state.configured ? "ok" : "warn"}>{state.configured ? "Set up" : "Not set up"}</Tag>
      {state.configured && detail}
      {state.from === "environment" && " Set by the environment, which wins over what is set here."}
    </p>
  );
}

function Forget({ name, title }: { name: "slack" | "smtp"; title: string }) {
  const refreshed = useRefreshed();
  return (
    <ConfirmButton
      label="Remove"
      title={title}
      onConfirm={() => refreshed(api.patch("/api/v1/settings", { [name]: null }), "Removed.")}
    >
      Nothing goes out this way until it is set up again.
    </ConfirmButton>
  );
}

function SlackForm({ slack }: { slack: SettingsView["slack"] }) {
  return (
    <>
      <StateLine state={slack} detail={slack.channel && `Posts to ${slack.channel}.`} />
      {slack.from !== "environment" && (
        <SettingsForm
          label="Slack"
          read={(form) => ({
            slack: {
              botToken: textIn(form, "botToken"),
              channel: textIn(form, "channel"),
              signingSecret: textIn(form, "signingSecret") || null,
            },
          })}
          acts={slack.configured && <Forget name="slack" title="Remove Slack" />}
        >
          {(problem) => (
            <>
              <TextField
                label="Bot token"
                name="botToken"
                type="password"
                placeholder="xoxb-…"
                hint={slack.configured ? "Kept, and never shown; enter it again to change anything here" : undefined}
                error={fieldProblem(problem, "/slack/botToken")}
                required
              />
              <TextField
                label="Channel"
                name="channel"
                placeholder="#incidents or its id"
                defaultValue={slack.channel ?? ""}
                error={fieldProblem(problem, "/slack/channel")}
                required
              />
              <TextField
                label="Signing secret"
                name="signingSecret"
                type="password"
                hint="Lets people work from Slack: buttons, commands and talk; without it Muster only posts"
                error={fieldProblem(problem, "/slack/signingSecret")}
              />
            </>
          )}
        </SettingsForm>
      )}
    </>
  );
}

function MailForm({ smtp }: { smtp: SettingsView["smtp"] }) {
  return (
    <>
      <StateLine state={smtp} detail={smtp.mailFrom && `Sends as ${smtp.mailFrom}.`} />
      {smtp.from !== "environment" && (
        <SettingsForm
          label="E-mail"
          read={(form) => ({ smtp: { url: textIn(form, "url"), mailFrom: textIn(form, "mailFrom") } })}
          acts={smtp.configured && <Forget name="smtp" title="Remove e-mail" />}
        >
          {(problem) => (
            <>
              <TextField
                label="SMTP address"
                name="url"
                type="password"
                hint={
                  smtp.configured
                    ? "Kept, and never shown; enter it again to change anything here"
                    : "smtps://user:password@mail.example.com"
                }
                error={fieldProblem(problem, "/smtp/url")}
                required
              />
              <TextField
                label="Sender"
                name="mailFrom"
                placeholder="Muster <muster@example.com>"
                defaultValue={smtp.mailFrom ?? ""}
                error={fieldProblem(problem, "/smtp/mailFrom")}
                required
              />
            </>
          )}
        </SettingsForm>
      )}
    </>
  );
}
