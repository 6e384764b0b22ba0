"use client";

import { ActButton } from "#/components/api/act-button.tsx";
import { api, fieldProblem } from "#/components/api/client.ts";
import { ConfirmButton } from "#/components/api/confirm-button.tsx";
import { FormDialog } from "#/components/api/form-dialog.tsx";
import { textIn } from "#/components/api/form-values.ts";
import { EmptyState } from "#/components/ui/empty-state.tsx";
import { TextField } from "#/components/ui/field.tsx";
import { Tag, type Tone } from "#/components/ui/tag.tsx";
import type { ComponentView, CreateComponentInput } from "#/server/audience/contract.ts";
import type { ComponentStatus } from "#/server/audience/shared/lists.ts";
import { Row, Rows } from "./rows.tsx";
import { SectionPage } from "./section-page.tsx";
import { useRefreshed } from "./use-refreshed.ts";

const looks: Record<ComponentStatus, { word: string; tone: Tone }> = {
  operational: { word: "Operational", tone: "ok" },
  under_maintenance: { word: "Under maintenance", tone: "plain" },
  degraded_performance: { word: "Degraded performance", tone: "warn" },
  partial_outage: { word: "Partial outage", tone: "warn" },
  major_outage: { word: "Major outage", tone: "bad" },
};

type Props = { components: readonly ComponentView[]; canChange: boolean };

/** What the public sees of the services, in the order of the page. */
export function ComponentsPanel({ components, canChange }: Props) {
  const refreshed = useRefreshed();
  const add = (
    <FormDialog
      label="Add component"
      title="Add component"
      submitLabel="Add"
      variant="primary"
      onSubmit={(form) => refreshed(api.post("/api/v1/components", componentIn(form)))}
    >
      {(problem) => <ComponentFields problem={problem} />}
    </FormDialog>
  );
  return (
    <SectionPage
      title="Components"
      about="What the public sees on the status page. Published updates set their state."
      action={canChange && components.length > 0 && add}
    >
      {components.length === 0 ? (
        <EmptyState title="No component yet" action={canChange && add}>
          Name what your customers use, in their words: Checkout, Search, API.
        </EmptyState>
      ) : (
        <Rows label="Components">
          {components.map((component, index) => (
            <ComponentRow
              key={component.id}
              component={component}
              canChange={canChange}
              isFirst={index === 0}
              isLast={index === components.length - 1}
            />
          ))}
        </Rows>
      )}
    </SectionPage>
  );
}

type RowProps = { component: ComponentView; canChange: boolean; isFirst: boolean; isLast: boolean };

function ComponentRow({ component, canChange, isFirst, isLast }: RowProps) {
  const refreshed = useRefreshed();
  const path = `/api/v1/components/${component.id}`;
  const { name, position, status } = component;
  const moveTo = (place: number) => refreshed(api.patch(path, { position: place }));
  return (
    <Row
      title={name}
      tags={<Tag tone={looks[status].tone}>{looks[status].word}</Tag>}
      facts={component.description}
      acts={
        canChange && (
          <>
            <ActButton label="↑" name={`Move ${name} up`} isDisabled={isFirst} act={() => moveTo(position - 1)} />
            <ActButton label="↓" name={`Move ${name} down`} isDisabled={isLast} act={() => moveTo(position + 1)} />
            <FormDialog
              label="Edit"
              title={`Edit ${name}`}
              size="s"
              variant="quiet"
              onSubmit={(form) => refreshed(api.patch(path, componentIn(form)), "Saved.")}
            >
              {(problem) => <ComponentFields component={component} problem={problem} />}
            </FormDialog>
            <ConfirmButton
              label="Delete"
              title={`Delete ${name}`}
              onConfirm={() => refreshed(api.delete(path), `${name} deleted.`)}
            >
              It leaves the status page at once.
            </ConfirmButton>
          </>
        )
      }
    />
  );
}

function componentIn(form: FormData): CreateComponentInput {
  return { name: textIn(form, "name"), description: textIn(form, "description") };
}

function ComponentFields({ component, problem }: { component?: ComponentView; problem: unknown }) {
  return (
    <>
      <TextField
        label="Name"
        name="name"
        defaultValue={component?.name}
        maxLength={80}
        error={fieldProblem(problem, "/name")}
        required
      />
      <TextField
        label="Description"
        name="description"
        defaultValue={component?.description}
        maxLength={300}
        error={fieldProblem(problem, "/description")}
      />
    </>
  );
}
