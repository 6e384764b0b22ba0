import { EmptyState } from "#/components/ui/empty-state.tsx";
import { MoreLink } from "#/components/ui/more-link.tsx";
import { Time } from "#/components/ui/time.tsx";
import type { AuditEntryView } from "#/server/people/contract.ts";
import { auditDetail, auditObject } from "./audit-words.ts";
import { Row, Rows } from "./rows.tsx";
import { SectionPage } from "./section-page.tsx";

/** `user.created` as `User created`. */
function actWords(action: string): string {
  const words = action.replaceAll(/[._-]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

type Props = { entries: readonly AuditEntryView[]; cursor: string | null };

/** Who changed what, newest first. */
export function AuditList({ entries, cursor }: Props) {
  return (
    <SectionPage title="Audit log" about="Who changed what, newest first. Nothing here is ever edited.">
      {entries.length === 0 ? (
        <EmptyState title="Nothing yet">What administrators do is kept here.</EmptyState>
      ) : (
        <Rows label="Audit log">
          {entries.map((entry) => (
            <Row
              key={entry.id}
              title={
                <>
                  {actWords(entry.action)} <span className="font-normal text-muted">by {entry.actor.name}</span>
                </>
              }
              facts={[auditObject(entry), auditDetail(entry)].filter(Boolean).join(" · ")}
              acts={
                <span className="text-[13px] text-muted">
                  <Time at={entry.at} format="day-time" />
                </span>
              }
            />
          ))}
        </Rows>
      )}
      <MoreLink path="/settings/audit" filters={{}} cursor={cursor} />
    </SectionPage>
  );
}
