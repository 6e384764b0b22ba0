"use client";

import { api, fieldProblem } from "#/components/api/client.ts";
import { ConfirmButton } from "#/components/api/confirm-button.tsx";
import { FormDialog } from "#/components/api/form-dialog.tsx";
import { listIn, textIn } from "#/components/api/form-values.ts";
import { EmptyState } from "#/components/ui/empty-state.tsx";
import { Select, TextArea, TextField } from "#/components/ui/field.tsx";
import { FilterBar } from "#/components/ui/filter-bar.tsx";
import { Tag } from "#/components/ui/tag.tsx";
import type { UserView } from "#/server/people/contract.ts";
import { RUNBOOK_LENGTH_MAX } from "#/server/runbooks/shared/lists.ts";
import type { CreateServiceInput, ServiceView } from "#/server/services/contract.ts";
import { CATALOGUE_PATH, ImportCatalogue } from "./catalogue-dialog.tsx";
import { Row, Rows } from "./rows.tsx";
import { SectionPage } from "./section-page.tsx";
import { catalogueIn, ServiceCatalogueFields } from "./service-catalogue-fields.tsx";
import { listProblem, TELL_HINT } from "./tell-lists.tsx";
import { useRefreshed } from "./use-refreshed.ts";

type Props = {
  services: readonly ServiceView[];
  users: readonly UserView[];
  canChange: boolean;
  /** Whether the list is what a search left. */
  isFiltered: boolean;
};

/** What teams run; alerts name it, and its people hear. */
export function ServicesPanel({ services, users, canChange, isFiltered }: Props) {
  const refreshed = useRefreshed();
  const add = (
    <FormDialog
      label="Add service"
      title="Add service"
      submitLabel="Add"
      variant="primary"
      onSubmit={(form) => refreshed(api.post("/api/v1/services", serviceIn(form)))}
    >
      {(problem) => <ServiceFields users={users} problem={problem} />}
    </FormDialog>
  );
  return (
    <SectionPage
      title="Services"
      about="What your teams run. An alert belongs to the service that its label names."
      action={
        <div className="flex flex-wrap gap-2">
          <a
            href={CATALOGUE_PATH}
            download="catalogue.yaml"
            className="inline-flex min-h-[34px] items-center rounded-sm border border-line-strong bg-raised px-3.5 text-[13px] font-[550] hover:border-text max-md:min-h-11"
          >
            Export
          </a>
          {canChange && <ImportCatalogue />}
          {canChange && (services.length > 0 || isFiltered) && add}
        </div>
      }
    >
      {(services.length > 0 || isFiltered) && <FilterBar searchLabel="Search services" choices={[]} />}
      {services.length === 0 && isFiltered ? (
        <EmptyState title="No service has these words">
          The search looks at names, other names, teams and descriptions.
        </EmptyState>
      ) : services.length === 0 ? (
        <EmptyState title="No service yet" action={canChange && add}>
          A service that an alert or an incident names is added by itself, too.
        </EmptyState>
      ) : (
        <Rows label="Services">
          {services.map((service) => (
            <ServiceRow key={service.id} service={service} users={users} canChange={canChange} />
          ))}
        </Rows>
      )}
    </SectionPage>
  );
}

type RowProps = { service: ServiceView; users: readonly UserView[]; canChange: boolean };

function ServiceRow({ service, users, canChange }: RowProps) {
  const refreshed = useRefreshed();
  const path = `/api/v1/services/${service.id}`;
  const names = (list: readonly { name: string }[]) => list.map(({ name }) => name).join(", ");
  const told =
    service.tell.length > 0
      ? `tells ${service.tell.map((line) => line.replace(/^(email|slack):/, "")).join(", ")}`
      : "";
  return (
    <Row
      title={service.name}
      tags={service.tier !== null && <Tag>Tier {service.tier}</Tag>}
      facts={[
        service.description,
        service.team,
        service.owner?.name,
        service.aliases.length > 0 ? `also ${service.aliases.join(", ")}` : "",
        service.dependsOn.length > 0 ? `depends on ${names(service.dependsOn)}` : "",
        service.dependedOnBy.length > 0 ? `needed by ${names(service.dependedOnBy)}` : "",
        service.links.length > 0 ? `${service.links.length} link${service.links.length === 1 ? "" : "s"}` : "",
        told,
        service.runbook || service.runbookUrl ? "has a runbook" : "",
      ]
        .filter(Boolean)
        .join(" · ")}
      acts={
        canChange && (
          <>
            <FormDialog
              label="Edit"
              title={`Edit ${service.name}`}
              size="s"
              variant="quiet"
              onSubmit={(form) => refreshed(api.patch(path, serviceIn(form)), "Saved.")}
            >
              {(problem) => <ServiceFields service={service} users={users} problem={problem} />}
            </FormDialog>
            <ConfirmButton
              label="Delete"
              title={`Delete ${service.name}`}
              onConfirm={() => refreshed(api.delete(path), `${service.name} deleted.`)}
            >
              Incidents and alerts that name it stay. An alert that names it again adds it again.
            </ConfirmButton>
          </>
        )
      }
    />
  );
}

function serviceIn(form: FormData): CreateServiceInput {
  return {
    name: textIn(form, "name"),
    description: textIn(form, "description"),
    ownerId: textIn(form, "ownerId") || null,
    tell: listIn(form, "tell"),
    // A form ends lines with two characters.
    runbook: textIn(form, "runbook").replaceAll("\r\n", "\n"),
    runbookUrl: textIn(form, "runbookUrl") || null,
    ...catalogueIn(form),
  };
}

type FieldsProps = { service?: ServiceView; users: readonly UserView[]; problem: unknown };

function ServiceFields({ service, users, problem }: FieldsProps) {
  return (
    <>
      <TextField
        label="Name"
        name="name"
        defaultValue={service?.name}
        hint="As the label in its alerts"
        maxLength={100}
        error={fieldProblem(problem, "/name")}
        required
      />
      <TextArea
        label="Description"
        name="description"
        defaultValue={service?.description}
        maxLength={1_000}
        error={fieldProblem(problem, "/description")}
      />
      <Select label="Owner" name="ownerId" defaultValue={service?.owner?.id ?? ""}>
        <option value="">Nobody</option>
        {users.map((user) => (
          <option key={user.id} value={user.id}>
            {user.name}
          </option>
        ))}
      </Select>
      <ServiceCatalogueFields service={service} problem={problem} />
      <TextArea
        label="Tell list"
        name="tell"
        defaultValue={service?.tell.join("\n")}
        hint={`Who hears when a triage incident opens for it. ${TELL_HINT}`}
        error={listProblem(problem, "tell", 60)}
      />
      <TextArea
        label="Runbook"
        name="runbook"
        defaultValue={service?.runbook}
        hint="Markdown, read in the room. Lines such as “- [ ] step” become tasks there"
        maxLength={RUNBOOK_LENGTH_MAX}
        className="font-mono"
        error={fieldProblem(problem, "/runbook")}
      />
      <TextField
        label="Runbook elsewhere"
        name="runbookUrl"
        hint="Opens in a tab of its own"
        type="url"
        placeholder="https://"
        defaultValue={service?.runbookUrl ?? ""}
        error={fieldProblem(problem, "/runbookUrl")}
      />
    </>
  );
}
