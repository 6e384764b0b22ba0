"use client";

import Link from "next/link";
import { useRef } from "react";
import { api } from "#/components/api/client.ts";
import { FormDialog } from "#/components/api/form-dialog.tsx";
import { EmptyState } from "#/components/ui/empty-state.tsx";
import type { ComponentView } from "#/server/audience/contract.ts";
import { ComponentFields, componentIn, groupIn } from "./component-fields.tsx";
import { ComponentRow } from "./component-row.tsx";
import { Rows } from "./rows.tsx";
import { SectionPage } from "./section-page.tsx";
import { useRefreshed } from "./use-refreshed.ts";

type Props = { components: readonly ComponentView[]; canChange: boolean; canMend: boolean };

/** What the public sees of the services, in the order of the page. */
export function ComponentsPanel({ components, canChange, canMend }: Props) {
  const refreshed = useRefreshed();
  const dragged = useRef<ComponentView | null>(null);
  const groups = components.filter((one) => one.group);
  const add = (
    <FormDialog
      label="Add component"
      title="Add component"
      submitLabel="Add"
      variant="primary"
      onSubmit={(form) => refreshed(api.post("/api/v1/components", componentIn(form)))}
    >
      {(problem) => <ComponentFields groups={groups} isGroup={false} problem={problem} />}
    </FormDialog>
  );
  const addGroup = (
    <FormDialog
      label="Add group"
      title="Add group"
      submitLabel="Add"
      onSubmit={(form) => refreshed(api.post("/api/v1/components", { ...groupIn(form), group: true }))}
    >
      {(problem) => <ComponentFields groups={groups} isGroup problem={problem} />}
    </FormDialog>
  );
  return (
    <SectionPage
      title="Components"
      about={
        <>
          What the public sees on the status page. Published updates set their state, and{" "}
          <Link href="/maintenance" className="inline-block min-h-6 text-accent underline">
            maintenance
          </Link>{" "}
          while it runs.
        </>
      }
      action={
        canChange &&
        components.length > 0 && (
          <div className="flex flex-wrap gap-2">
            {addGroup}
            {add}
          </div>
        )
      }
    >
      {components.length === 0 ? (
        <EmptyState title="No component yet" action={canChange && add}>
          Name what your customers use, in their words: Checkout, Search, API.
        </EmptyState>
      ) : (
        <Rows label="Components" isOrdered>
          {components.map((component) => (
            <ComponentRow
              key={component.id}
              component={component}
              all={components}
              canChange={canChange}
              canMend={canMend}
              dragged={dragged}
            />
          ))}
        </Rows>
      )}
    </SectionPage>
  );
}
