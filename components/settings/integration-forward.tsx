"use client";

import { api, fieldProblem } from "#/components/api/client.ts";
import { FormDialog } from "#/components/api/form-dialog.tsx";
import { textIn } from "#/components/api/form-values.ts";
import { Checkbox, TextField } from "#/components/ui/field.tsx";
import type { IntegrationView } from "#/server/alerts/contract.ts";
import { useRefreshed } from "./use-refreshed.ts";

/** What a token is for, where the source has an API that Muster speaks. */
function tokenHint(source: string): string {
  if (source.startsWith("pagerduty-webhooks"))
    return "A REST API key: details are fetched, and declining resolves there";
  if (source.startsWith("sentry")) return "An auth token with event:read: the exception and its frames are fetched";
  if (source.startsWith("opsgenie"))
    return "An API key with create and update rights: declining closes the alert there";
  if (source.startsWith("prometheus-alertmanager")) {
    return "Alertmanager's address, with user and password in it where it asks for them: declining makes a silence there";
  }
  return "Not used for this source yet";
}

/** The old pager that goes on hearing, and the token for the sender's own API. */
export function IntegrationForward({ integration }: { integration: IntegrationView }) {
  const refreshed = useRefreshed();
  const { id, name, source, forwardUrl, hasSourceToken } = integration;

  function save(form: FormData): Promise<void> {
    const token = textIn(form, "sourceToken");
    const isForgotten = form.get("forgetToken") !== null;
    const change = {
      forwardUrl: textIn(form, "forwardUrl") || null,
      ...(token ? { sourceToken: token } : isForgotten && { sourceToken: null }),
    };
    return refreshed(api.patch(`/api/v1/integrations/${id}`, change), "Saved.");
  }
  return (
    <FormDialog label="Forward" title={`Forward ${name}`} size="s" variant="quiet" onSubmit={save}>
      {(problem) => (
        <>
          <TextField
            label="Forward to"
            name="forwardUrl"
            type="url"
            placeholder="https://"
            defaultValue={forwardUrl ?? ""}
            hint="The old pager's address: each delivery goes there too, byte for byte. Public addresses only; {path} stands for what the sender calls behind the key"
            error={fieldProblem(problem, "/forwardUrl")}
          />
          <TextField
            label="Token of the source"
            name="sourceToken"
            type="password"
            hint={hasSourceToken ? `Set, and never shown. ${tokenHint(source)}` : tokenHint(source)}
            error={fieldProblem(problem, "/sourceToken")}
          />
          {hasSourceToken && <Checkbox name="forgetToken" label="Forget the token" />}
        </>
      )}
    </FormDialog>
  );
}
