"use client";

import { type ReactNode, useState } from "react";
import { api, fieldProblem } from "#/components/api/client.ts";
import { FormDialog } from "#/components/api/form-dialog.tsx";
import { textIn } from "#/components/api/form-values.ts";
import { EmptyState } from "#/components/ui/empty-state.tsx";
import { Select, TextField } from "#/components/ui/field.tsx";
import type { IntegrationView, SourceView } from "#/server/alerts/contract.ts";
import { IntegrationRow } from "./integration-row.tsx";
import { Rows } from "./rows.tsx";
import { SectionPage } from "./section-page.tsx";
import { useRefreshed } from "./use-refreshed.ts";

type Props = {
  integrations: readonly IntegrationView[];
  sources: readonly SourceView[];
  services: readonly string[];
  canChange: boolean;
  /** What has to be known before anything else. */
  notice?: ReactNode;
};

/** Where alerts come from. */
export function IntegrationsPanel({ integrations, sources, services, canChange, notice }: Props) {
  const [newest, setNewest] = useState<string | null>(null);
  const add = <AddIntegration sources={sources} services={services} onAdded={setNewest} />;
  return (
    <SectionPage
      title="Integrations"
      about="Each one is a URL that something may send alerts to."
      action={canChange && integrations.length > 0 && add}
    >
      {notice}
      {integrations.length === 0 ? (
        <EmptyState title="No integration yet" action={canChange && add}>
          Add one, paste its URL at the sender, and its alerts open incidents in triage.
        </EmptyState>
      ) : (
        <Rows label="Integrations">
          {integrations.map((integration) => (
            <IntegrationRow
              key={`${integration.id} ${integration.id === newest}`}
              integration={integration}
              source={sources.find((source) => source.source === integration.source)}
              canChange={canChange}
              isOpenAtFirst={integration.id === newest}
            />
          ))}
        </Rows>
      )}
    </SectionPage>
  );
}

type AddProps = { sources: readonly SourceView[]; services: readonly string[]; onAdded: (id: string) => void };

function AddIntegration({ sources, services, onAdded }: AddProps) {
  const refreshed = useRefreshed();
  async function add(form: FormData): Promise<void> {
    const service = textIn(form, "service");
    const made = await api.post<IntegrationView>("/api/v1/integrations", {
      name: textIn(form, "name"),
      source: textIn(form, "source"),
      ...(service && { service }),
    });
    onAdded(made.id);
    await refreshed(Promise.resolve(), `${made.name} added. Its URL is below.`);
  }
  return (
    <FormDialog label="Add integration" title="Add integration" submitLabel="Add" variant="primary" onSubmit={add}>
      {(problem) => (
        <>
          <Select label="Source" name="source" error={fieldProblem(problem, "/source")}>
            {sources.map((source) => (
              <option key={source.source} value={source.source}>
                {source.name}
              </option>
            ))}
          </Select>
          <TextField
            label="Name"
            name="name"
            placeholder="Production Alertmanager"
            maxLength={100}
            error={fieldProblem(problem, "/name")}
            required
          />
          <Select label="Service" name="service" hint="For alerts that name none themselves">
            <option value="">None</option>
            {services.map((service) => (
              <option key={service} value={service}>
                {service}
              </option>
            ))}
          </Select>
        </>
      )}
    </FormDialog>
  );
}
