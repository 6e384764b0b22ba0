"use client";

import { api, fieldProblem } from "#/components/api/client.ts";
import { ConfirmButton } from "#/components/api/confirm-button.tsx";
import { FormDialog } from "#/components/api/form-dialog.tsx";
import { textIn } from "#/components/api/form-values.ts";
import { TextField } from "#/components/ui/field.tsx";
import { Tag } from "#/components/ui/tag.tsx";
import { Time } from "#/components/ui/time.tsx";
import type { SuppressAddressInput, SuppressionView } from "#/server/audience/contract.ts";
import { SUPPRESSION_REASON_LENGTH_MAX } from "#/server/audience/shared/lists.ts";
import { Row, Rows } from "./rows.tsx";
import { Subsection } from "./section-page.tsx";
import { useRefreshed } from "./use-refreshed.ts";

const causes: Record<SuppressionView["cause"], string> = {
  bounce: "Came back",
  complaint: "Reported as spam",
  manual: "By hand",
};

/** The addresses that no update goes to, each with the reason and the way back. */
export function SuppressionsPanel({ suppressions }: { suppressions: readonly SuppressionView[] }) {
  const refreshed = useRefreshed();
  return (
    <Subsection title="Suppressed addresses">
      <div className="mb-3 flex flex-wrap items-start justify-between gap-3">
        <p className="max-w-prose text-s text-muted">
          Mail servers refuse these, or their readers want none. No update goes there, so that the others keep arriving.
          The next one does once you release an address.
        </p>
        <FormDialog
          label="Suppress"
          title="Suppress an address"
          submitLabel="Suppress"
          onSubmit={(form) => refreshed(api.post("/api/v1/suppressions", suppressionIn(form)))}
        >
          {(problem) => (
            <>
              <TextField label="E-mail" name="email" type="email" error={fieldProblem(problem, "/email")} required />
              <TextField
                label="Reason"
                name="reason"
                maxLength={SUPPRESSION_REASON_LENGTH_MAX}
                error={fieldProblem(problem, "/reason")}
                hint="For whoever wonders later; it may be left out"
              />
            </>
          )}
        </FormDialog>
      </div>
      {suppressions.length === 0 ? (
        <p className="text-s text-faint">None: every address takes mail, as far as is known.</p>
      ) : (
        <Rows label="Suppressed addresses">
          {suppressions.map((suppression) => (
            <SuppressionRow key={suppression.id} suppression={suppression} />
          ))}
        </Rows>
      )}
    </Subsection>
  );
}

function suppressionIn(form: FormData): SuppressAddressInput {
  const reason = textIn(form, "reason");
  return { email: textIn(form, "email"), ...(reason && { reason }) };
}

function SuppressionRow({ suppression }: { suppression: SuppressionView }) {
  const refreshed = useRefreshed();
  const { id, email, cause, reason, createdAt } = suppression;
  return (
    <Row
      title={email}
      tags={<Tag tone={cause === "manual" ? "plain" : "warn"}>{causes[cause]}</Tag>}
      facts={
        <>
          {reason} · since <Time at={createdAt} />
        </>
      }
      acts={
        <ConfirmButton
          label="Release"
          title={`Release ${email}`}
          onConfirm={() => refreshed(api.delete(`/api/v1/suppressions/${id}`), `${email} gets the next update.`)}
        >
          The next update goes to this address again. If it is refused once more, the address comes back here.
        </ConfirmButton>
      }
    />
  );
}
