"use client";

import Link from "next/link";
import { api } from "#/components/api/client.ts";
import { ConfirmButton } from "#/components/api/confirm-button.tsx";
import { FormDialog } from "#/components/api/form-dialog.tsx";
import { EmptyState } from "#/components/ui/empty-state.tsx";
import { Tag } from "#/components/ui/tag.tsx";
import { AudienceBadge } from "#/components/updates/audience-badge.tsx";
import type { AudienceView } from "#/server/audience/contract.ts";
import { AudienceFields, audienceIn, changeIn, type Places } from "./audience-fields.tsx";
import { hearsBy, hearsOf } from "./audience-words.ts";
import { Row, Rows } from "./rows.tsx";
import { SectionPage, Subsection } from "./section-page.tsx";
import { useRefreshed } from "./use-refreshed.ts";

type Props = { audiences: readonly AudienceView[]; canChange: boolean } & Places;

const link = "text-accent underline";

/** Who hears which updates: the two that are always there, and the groups that were named. */
export function AudiencesPanel({ audiences, canChange, ...places }: Props) {
  const refreshed = useRefreshed();
  const add = (
    <FormDialog
      label="Add audience"
      title="Add audience"
      submitLabel="Add"
      variant="primary"
      onSubmit={(form) => refreshed(api.post("/api/v1/audiences", audienceIn(form)))}
    >
      {(problem) => <AudienceFields problem={problem} {...places} />}
    </FormDialog>
  );
  return (
    <SectionPage
      title="Audiences"
      about="Who hears which updates, and by which ways. An update goes by itself to every group that it fits; whoever publishes can choose others."
      action={canChange && audiences.length > 0 && add}
    >
      <Subsection title="Always there">
        <AlwaysThere />
      </Subsection>
      <Subsection title="Groups">
        {audiences.length === 0 ? (
          <EmptyState title="No group yet" action={canChange && add}>
            A group hears of some updates only: directors of SEV1, a partner of the one component that they use, a tool
            of everything.
          </EmptyState>
        ) : (
          <Rows label="Groups">
            {audiences.map((audience) => (
              <AudienceRow key={audience.id} audience={audience} canChange={canChange} {...places} />
            ))}
          </Rows>
        )}
      </Subsection>
    </SectionPage>
  );
}

function AlwaysThere() {
  return (
    <Rows label="Always there">
      <Row
        title="Public page"
        tags={<AudienceBadge kind="public" />}
        facts={
          <>
            Every public update: the status page, its feeds, and e-mail to{" "}
            <Link href="/settings/subscribers" className={link}>
              subscribers
            </Link>
          </>
        }
      />
      <Row
        title="Internal followers"
        tags={<AudienceBadge kind="internal" />}
        facts={
          <>
            Public and internal updates: the organisation's{" "}
            <Link href="/settings/channels" className={link}>
              Slack channel
            </Link>
            , and e-mail to{" "}
            <Link href="/settings/subscribers" className={link}>
              subscribers marked internal
            </Link>
          </>
        }
      />
    </Rows>
  );
}

type RowProps = { audience: AudienceView; canChange: boolean } & Places;

function AudienceRow({ audience, canChange, ...places }: RowProps) {
  const refreshed = useRefreshed();
  const path = `/api/v1/audiences/${audience.id}`;
  const ways = hearsBy(audience);
  return (
    <Row
      title={audience.name}
      tags={
        <>
          <AudienceBadge kind={audience.kind} />
          {!ways && <Tag tone="warn">Reaches nobody</Tag>}
        </>
      }
      facts={
        <>
          {hearsOf(audience)}
          {ways && <> · {ways}</>}
        </>
      }
      acts={
        canChange && (
          <>
            <FormDialog
              label="Edit"
              title={`Edit ${audience.name}`}
              size="s"
              variant="quiet"
              onSubmit={(form) => refreshed(api.patch(path, changeIn(form)), "Saved.")}
            >
              {(problem) => <AudienceFields audience={audience} problem={problem} {...places} />}
            </FormDialog>
            <ConfirmButton
              label="Delete"
              title={`Delete ${audience.name}`}
              onConfirm={() => refreshed(api.delete(path), `${audience.name} deleted.`)}
            >
              No further update goes to this group. What it was told stays in the rooms.
            </ConfirmButton>
          </>
        )
      }
    />
  );
}
