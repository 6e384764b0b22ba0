"use client";

import { ActButton } from "#/components/api/act-button.tsx";
import { api } from "#/components/api/client.ts";
import { ConfirmButton } from "#/components/api/confirm-button.tsx";
import { FormDialog } from "#/components/api/form-dialog.tsx";
import { Tag } from "#/components/ui/tag.tsx";
import { updateStatusWords } from "#/server/updates/shared/words.ts";
import type { TemplateView } from "#/server/updates/templates/contract.ts";
import { Row, Rows } from "./rows.tsx";
import { SectionPage } from "./section-page.tsx";
import { TemplateFields, templateIn } from "./update-template-fields.tsx";
import { useRefreshed } from "./use-refreshed.ts";

const PATH = "/api/v1/update-templates";

type Props = { templates: readonly TemplateView[]; canChange: boolean };

/** What updates are begun with, in the order in which the composer offers it. */
export function UpdateTemplatesPanel({ templates, canChange }: Props) {
  const refreshed = useRefreshed();
  return (
    <SectionPage
      title="Update templates"
      about={
        templates[0]?.isShipped
          ? "What an update is begun with, by severity and stage. These came with Muster: change them into your own words."
          : "What an update is begun with, by severity and stage. When the last is deleted, those that came with Muster are back."
      }
      action={
        canChange && (
          <FormDialog
            label="Add template"
            title="Add template"
            submitLabel="Add"
            variant="primary"
            onSubmit={(form) => refreshed(api.post(PATH, templateIn(form)))}
          >
            {(problem) => <TemplateFields problem={problem} />}
          </FormDialog>
        )
      }
    >
      <Rows label="Update templates" isOrdered>
        {templates.map((template, index) => (
          <TemplateRow
            key={template.id}
            template={template}
            canChange={canChange}
            isFirst={index === 0}
            isLast={index === templates.length - 1}
          />
        ))}
      </Rows>
    </SectionPage>
  );
}

/** `SEV1, SEV2 · Identified`. */
function meantFor({ severities, statuses }: TemplateView): string {
  const stages = statuses.map((status) => updateStatusWords[status]).join(", ");
  return `${severities.join(", ") || "Any severity"} · ${stages || "any status"}`;
}

type RowProps = { template: TemplateView; canChange: boolean; isFirst: boolean; isLast: boolean };

function TemplateRow({ template, canChange, isFirst, isLast }: RowProps) {
  const refreshed = useRefreshed();
  const { name, position } = template;
  const path = `${PATH}/${template.id}`;
  const moveTo = (place: number) => refreshed(api.patch(path, { position: place }));
  return (
    <Row
      title={name}
      tags={template.isHolding && <Tag>holding</Tag>}
      facts={meantFor(template)}
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
              onSubmit={(form) => refreshed(api.patch(path, templateIn(form)), "Saved.")}
            >
              {(problem) => <TemplateFields template={template} problem={problem} />}
            </FormDialog>
            <ConfirmButton
              label="Delete"
              title={`Delete ${name}`}
              onConfirm={() => refreshed(api.delete(path), `${name} deleted.`)}
            >
              The composer offers it no more. What was published with it stays.
            </ConfirmButton>
          </>
        )
      }
    >
      <p className="mt-1 max-w-prose text-s whitespace-pre-wrap text-muted wrap-anywhere">{template.body}</p>
    </Row>
  );
}
