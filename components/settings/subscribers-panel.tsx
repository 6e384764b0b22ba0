"use client";

import { api, fieldProblem } from "#/components/api/client.ts";
import { ConfirmButton } from "#/components/api/confirm-button.tsx";
import { FormDialog } from "#/components/api/form-dialog.tsx";
import { textIn } from "#/components/api/form-values.ts";
import { EmptyState } from "#/components/ui/empty-state.tsx";
import { Checkbox, TextField } from "#/components/ui/field.tsx";
import { Tag } from "#/components/ui/tag.tsx";
import type {
  ComponentView,
  CreateSubscriberInput,
  SubscriberView,
  WebhookSubscriberView,
} from "#/server/audience/contract.ts";
import { Row, Rows } from "./rows.tsx";
import { SectionPage } from "./section-page.tsx";
import { useRefreshed } from "./use-refreshed.ts";
import { WebhookRows } from "./webhook-rows.tsx";

type Props = {
  subscribers: readonly SubscriberView[];
  webhooks: readonly WebhookSubscriberView[];
  components: readonly ComponentView[];
};

/** Who gets updates by e-mail, and by webhook. */
export function SubscribersPanel({ subscribers, webhooks, components }: Props) {
  const refreshed = useRefreshed();
  const add = (
    <FormDialog
      label="Add subscriber"
      title="Add subscriber"
      submitLabel="Add"
      variant="primary"
      onSubmit={(form) => refreshed(api.post("/api/v1/subscribers", subscriberIn(form)))}
    >
      {(problem) => <SubscriberFields components={components} problem={problem} />}
    </FormDialog>
  );
  return (
    <SectionPage
      title="Subscribers"
      about="Who gets published updates, by e-mail and by webhook. Each subscription can be ended from what it brings."
      action={subscribers.length > 0 && add}
    >
      {subscribers.length === 0 ? (
        <EmptyState title="No subscriber yet" action={add}>
          People subscribe on the status page, or you add them here.
        </EmptyState>
      ) : (
        <Rows label="Subscribers">
          {subscribers.map((subscriber) => (
            <SubscriberRow key={subscriber.id} subscriber={subscriber} components={components} />
          ))}
        </Rows>
      )}
      <WebhookRows webhooks={webhooks} components={components} />
    </SectionPage>
  );
}

type RowProps = { subscriber: SubscriberView; components: readonly ComponentView[] };

function SubscriberRow({ subscriber, components }: RowProps) {
  const refreshed = useRefreshed();
  const names = components.filter((each) => subscriber.components.includes(each.id)).map((each) => each.name);
  return (
    <Row
      title={subscriber.email}
      tags={
        <>
          {subscriber.internal && <Tag>Internal</Tag>}
          {!subscriber.confirmed && <Tag tone="warn">Not confirmed yet</Tag>}
        </>
      }
      facts={subscriber.components.length > 0 ? names.join(", ") : "Every public update"}
      acts={
        <ConfirmButton
          label="Remove"
          title={`Remove ${subscriber.email}`}
          onConfirm={() =>
            refreshed(api.delete(`/api/v1/subscribers/${subscriber.id}`), `${subscriber.email} removed.`)
          }
        >
          No further update goes to this address.
        </ConfirmButton>
      }
    />
  );
}

function subscriberIn(form: FormData): CreateSubscriberInput {
  return {
    email: textIn(form, "email"),
    components: form.getAll("components").map(String),
    confirmed: form.has("confirmed"),
    internal: form.has("internal"),
  };
}

function SubscriberFields({ components, problem }: { components: readonly ComponentView[]; problem: unknown }) {
  return (
    <>
      <TextField label="E-mail" name="email" type="email" error={fieldProblem(problem, "/email")} required />
      {components.length > 0 && (
        <fieldset className="flex flex-col gap-1">
          <legend className="mb-1 text-s font-[550]">Only for</legend>
          {components.map((component) => (
            <Checkbox key={component.id} label={component.name} name="components" value={component.id} />
          ))}
          <p className="text-s text-muted">None chosen means every public update.</p>
        </fieldset>
      )}
      <Checkbox label="Confirmed already" name="confirmed" hint="Otherwise the address gets a mail to confirm" />
      <Checkbox label="Internal" name="internal" hint="Gets internal updates, too" />
    </>
  );
}
