"use client";

import { useState } from "react";
import { api, fieldProblem } from "#/components/api/client.ts";
import { ConfirmButton } from "#/components/api/confirm-button.tsx";
import { FormDialog } from "#/components/api/form-dialog.tsx";
import { textIn } from "#/components/api/form-values.ts";
import { CopyField } from "#/components/ui/copy-field.tsx";
import { EmptyState } from "#/components/ui/empty-state.tsx";
import { Select, TextField } from "#/components/ui/field.tsx";
import { Duration, Time } from "#/components/ui/time.tsx";
import type { CreatedTokenView, TokenView, UserView } from "#/server/people/contract.ts";
import { TOKEN_NAME_LENGTH_MAX } from "#/server/people/shared/limits.ts";
import { Row, Rows } from "./rows.tsx";
import { SectionPage } from "./section-page.tsx";
import { useRefreshed } from "./use-refreshed.ts";

type Props = { tokens: readonly TokenView[]; users: readonly UserView[]; myId: string };

/** Tokens for scripts and other tools; each acts as one person. */
export function TokensPanel({ tokens, users, myId }: Props) {
  const [made, setMade] = useState<CreatedTokenView | null>(null);
  return (
    <SectionPage
      title="API tokens"
      about="A token acts as one person, within what that person may do. It is shown once."
      action={<AddToken users={users} myId={myId} onMade={setMade} />}
    >
      {made && (
        <div className="flex flex-col gap-2 rounded-md border border-ok/40 bg-panel p-3.5">
          <CopyField label={`Token “${made.name}”`} value={made.token} />
          <p className="text-s text-muted">Copy it now: it is not shown again.</p>
        </div>
      )}
      {tokens.length === 0 ? (
        <EmptyState title="No token yet">The API is described at /api/docs.</EmptyState>
      ) : (
        <Rows label="API tokens">
          {tokens.map((token) => (
            <TokenRow key={token.id} token={token} />
          ))}
        </Rows>
      )}
    </SectionPage>
  );
}

function TokenRow({ token }: { token: TokenView }) {
  const refreshed = useRefreshed();
  return (
    <Row
      title={token.name}
      facts={
        <>
          <span className="font-mono text-xs">{token.prefix}…</span> · as {token.userName}
          {token.scopes.length > 0 && ` · only ${token.scopes.join(", ")}`}
          {" · "}
          {token.lastUsedAt ? (
            <>
              used <Duration from={token.lastUsedAt} /> ago
            </>
          ) : (
            "never used"
          )}
          {token.expiresAt && (
            <>
              {" · ends "}
              <Time at={token.expiresAt} format="day" />
            </>
          )}
        </>
      }
      acts={
        <ConfirmButton
          label="Revoke"
          title={`Revoke ${token.name}`}
          onConfirm={() => refreshed(api.delete(`/api/v1/tokens/${token.id}`), `${token.name} revoked.`)}
        >
          What uses it is refused from now on.
        </ConfirmButton>
      }
    />
  );
}

const DAY_MS = 24 * 3_600_000;
const lifetimes = [
  { days: "", label: "Until it is revoked" },
  { days: "30", label: "30 days" },
  { days: "90", label: "90 days" },
  { days: "365", label: "A year" },
];

type AddProps = { users: readonly UserView[]; myId: string; onMade: (token: CreatedTokenView) => void };

function AddToken({ users, myId, onMade }: AddProps) {
  const refreshed = useRefreshed();
  async function add(form: FormData): Promise<void> {
    const days = Number(textIn(form, "days"));
    const input = {
      name: textIn(form, "name"),
      userId: textIn(form, "userId"),
      ...(days > 0 && { expiresAt: new Date(Date.now() + days * DAY_MS).toISOString() }),
    };
    onMade(await api.post<CreatedTokenView>("/api/v1/tokens", input));
    await refreshed(Promise.resolve());
  }
  return (
    <FormDialog label="Create token" title="Create token" submitLabel="Create" variant="primary" onSubmit={add}>
      {(problem) => (
        <>
          <TextField
            label="Name"
            name="name"
            placeholder="What uses it"
            maxLength={TOKEN_NAME_LENGTH_MAX}
            error={fieldProblem(problem, "/name")}
            required
          />
          <Select label="Acts as" name="userId" defaultValue={myId} error={fieldProblem(problem, "/userId")}>
            {users
              .filter((user) => !user.disabledAt)
              .map((user) => (
                <option key={user.id} value={user.id}>
                  {user.name} ({user.role})
                </option>
              ))}
          </Select>
          <Select label="Valid" name="days" error={fieldProblem(problem, "/expiresAt")}>
            {lifetimes.map(({ days, label }) => (
              <option key={label} value={days}>
                {label}
              </option>
            ))}
          </Select>
        </>
      )}
    </FormDialog>
  );
}
