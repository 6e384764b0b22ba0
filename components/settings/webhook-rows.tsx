"use client";

import { useState } from "react";
import { api, fieldProblem } from "#/components/api/client.ts";
import { ConfirmButton } from "#/components/api/confirm-button.tsx";
import { FormDialog } from "#/components/api/form-dialog.tsx";
import { textIn } from "#/components/api/form-values.ts";
import { Banner } from "#/components/ui/banner.tsx";
import { CopyField } from "#/components/ui/copy-field.tsx";
import { Checkbox, TextField } from "#/components/ui/field.tsx";
import { Tag } from "#/components/ui/tag.tsx";
import { Time } from "#/components/ui/time.tsx";
import type { ComponentView, WebhookSubscriberView } from "#/server/audience/contract.ts";
import { Row, Rows } from "./rows.tsx";
import { Subsection } from "./section-page.tsx";
import { useRefreshed } from "./use-refreshed.ts";

const PATH = "/api/v1/webhook-subscribers";
type Props = { webhooks: readonly WebhookSubscriberView[]; components: readonly ComponentView[] };

/** Who gets the status page's news by webhook. */
export function WebhookRows({ webhooks, components }: Props) {
  const refreshed = useRefreshed();
  const [secret, setSecret] = useState<string>();
  const add = async (form: FormData) => {
    const input = { url: textIn(form, "url"), components: form.getAll("components").map(String) };
    const added = api.post<{ secret: string }>(PATH, input);
    await refreshed(added);
    setSecret((await added).secret);
  };
  return (
    <Subsection title="Webhooks">
      <div className="flex flex-col gap-3">
        {secret && (
          <Banner title="Its signing secret, shown this once">
            <CopyField label="Signing secret" value={secret} />
          </Banner>
        )}
        {webhooks.length > 0 && (
          <Rows label="Webhooks">
            {webhooks.map((webhook) => (
              <WebhookRow key={webhook.id} webhook={webhook} components={components} />
            ))}
          </Rows>
        )}
        <div>
          <FormDialog label="Add webhook" title="Add webhook" submitLabel="Add" onSubmit={add}>
            {(problem) => <WebhookFields components={components} problem={problem} />}
          </FormDialog>
        </div>
      </div>
    </Subsection>
  );
}

function WebhookRow({ webhook, components }: { webhook: WebhookSubscriberView; components: readonly ComponentView[] }) {
  const refreshed = useRefreshed();
  const names = components.filter((each) => webhook.components.includes(each.id)).map((each) => each.name);
  return (
    <Row
      title={webhook.host}
      tags={
        <>
          {!webhook.confirmed && <Tag tone="warn">Not confirmed yet</Tag>}
          {webhook.lastError && <Tag tone="bad">Failing</Tag>}
        </>
      }
      facts={
        <>
          {webhook.components.length > 0 ? names.join(", ") : "Every public update"}
          {webhook.email && ` · ${webhook.email}`}
          {webhook.lastSentAt && (
            <>
              {" "}
              · last told <Time at={webhook.lastSentAt} format="day-time" />
            </>
          )}
          {webhook.lastError && <span className="block text-bad">{webhook.lastError}</span>}
        </>
      }
      acts={
        <ConfirmButton
          label="Remove"
          title={`Remove ${webhook.host}`}
          onConfirm={() => refreshed(api.delete(`${PATH}/${webhook.id}`), `${webhook.host} removed.`)}
        >
          Nothing more is posted to it.
        </ConfirmButton>
      }
    />
  );
}

function WebhookFields({ components, problem }: { components: readonly ComponentView[]; problem: unknown }) {
  return (
    <>
      <TextField
        label="Address"
        name="url"
        type="url"
        placeholder="https://"
        hint="Updates on the page are posted there as JSON, signed as Standard Webhooks say."
        error={fieldProblem(problem, "/url")}
        required
      />
      {components.length > 0 && (
        <fieldset className="flex flex-col gap-1">
          <legend className="mb-1 text-s font-[550]">Only for</legend>
          {components.map((component) => (
            <Checkbox key={component.id} label={component.name} name="components" value={component.id} />
          ))}
          <p className="text-s text-muted">None chosen means every public update.</p>
        </fieldset>
      )}
    </>
  );
}
