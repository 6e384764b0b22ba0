"use client";

import { ActButton } from "#/components/api/act-button.tsx";
import { api, fieldProblem, problemText } from "#/components/api/client.ts";
import { FormDialog } from "#/components/api/form-dialog.tsx";
import { textIn } from "#/components/api/form-values.ts";
import { Avatar } from "#/components/ui/avatar.tsx";
import { Select, TextField } from "#/components/ui/field.tsx";
import { Menu } from "#/components/ui/menu.tsx";
import { Tag } from "#/components/ui/tag.tsx";
import { toast } from "#/components/ui/toasts.tsx";
import { type ServerRole, serverRoles } from "#/server/access/shared/roles.ts";
import type { CreateUserInput, UserView } from "#/server/people/contract.ts";
import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN, PERSON_NAME_LENGTH_MAX } from "#/server/people/shared/limits.ts";
import { Row, Rows } from "./rows.tsx";
import { SectionPage } from "./section-page.tsx";
import { useRefreshed } from "./use-refreshed.ts";

const roleMeanings: Record<ServerRole, string> = {
  owner: "Everything, and every private incident",
  admin: "Settings, people and integrations",
  responder: "Works on incidents and publishes updates",
  viewer: "Reads, and changes nothing",
};

type Props = { users: readonly UserView[]; myId: string; canChange: boolean };

/** Who has an account, and what each may do. */
export function PeoplePanel({ users, myId, canChange }: Props) {
  return (
    <SectionPage title="People" about="Who has an account, and what each may do." action={canChange && <AddPerson />}>
      <Rows label="People">
        {users.map((user) => (
          <PersonRow key={user.id} user={user} isMe={user.id === myId} canChange={canChange} />
        ))}
      </Rows>
    </SectionPage>
  );
}

function PersonRow({ user, isMe, canChange }: { user: UserView; isMe: boolean; canChange: boolean }) {
  return (
    <Row
      title={
        <span className="inline-flex items-center gap-2">
          <Avatar person={user} />
          {user.name}
        </span>
      }
      tags={
        <>
          {isMe && <Tag>You</Tag>}
          {user.disabledAt && <Tag tone="warn">Disabled</Tag>}
        </>
      }
      facts={`${user.email} · ${user.role}`}
      acts={canChange && <PersonActs user={user} isMe={isMe} />}
    />
  );
}

function PersonActs({ user, isMe }: { user: UserView; isMe: boolean }) {
  const refreshed = useRefreshed();
  const path = `/api/v1/users/${user.id}`;
  const isDisabled = user.disabledAt !== null;
  const setRole = (role: ServerRole) =>
    refreshed(api.patch(path, { role }), `${user.name} is ${role} now.`).catch((error: unknown) =>
      toast(problemText(error), "bad"),
    );
  return (
    <>
      <Menu
        size="s"
        variant="quiet"
        align="end"
        label={`Role of ${user.name}`}
        items={serverRoles.map((role) => ({
          label: role,
          hint: roleMeanings[role],
          isCurrent: role === user.role,
          onSelect: () => void setRole(role),
        }))}
      >
        Role ▾
      </Menu>
      <FormDialog
        label="Set password"
        title={`Set password of ${user.name}`}
        size="s"
        variant="quiet"
        onSubmit={(form) => refreshed(api.patch(path, passwordIn(form)), "Password set.")}
      >
        {(problem) => (
          <>
            {isMe && <PasswordField label="Current password" name="currentPassword" problem={problem} isCurrent />}
            <PasswordField label="New password" name="password" problem={problem} />
          </>
        )}
      </FormDialog>
      {!isMe && (
        <ActButton
          label={isDisabled ? "Enable" : "Disable"}
          name={`${isDisabled ? "Enable" : "Disable"} ${user.name}`}
          act={() => refreshed(api.patch(path, { isDisabled: !isDisabled }))}
        />
      )}
    </>
  );
}

/** Passwords go as they were typed: spaces count. */
function passwordIn(form: FormData): { password: string; currentPassword?: string } {
  const current = form.get("currentPassword");
  return { password: String(form.get("password") ?? ""), ...(current && { currentPassword: String(current) }) };
}

type PasswordProps = { label: string; name: string; problem: unknown; isCurrent?: boolean; isRequired?: boolean };

function PasswordField({ label, name, problem, isCurrent = false, isRequired = true }: PasswordProps) {
  return (
    <TextField
      type="password"
      label={label}
      name={name}
      autoComplete={isCurrent ? "current-password" : "new-password"}
      hint={isCurrent ? undefined : `${PASSWORD_LENGTH_MIN} characters or more${isRequired ? "" : "; empty: none yet"}`}
      minLength={isCurrent ? undefined : PASSWORD_LENGTH_MIN}
      maxLength={PASSWORD_LENGTH_MAX}
      error={fieldProblem(problem, `/${name}`)}
      required={isRequired}
    />
  );
}

function AddPerson() {
  const refreshed = useRefreshed();
  function add(form: FormData): Promise<void> {
    const { password } = passwordIn(form);
    const input: CreateUserInput = {
      email: textIn(form, "email"),
      name: textIn(form, "name"),
      role: textIn(form, "role") as ServerRole,
      ...(password && { password }),
    };
    return refreshed(api.post("/api/v1/users", input), `${input.name} added.`);
  }
  return (
    <FormDialog label="Add person" title="Add person" submitLabel="Add" variant="primary" onSubmit={add}>
      {(problem) => (
        <>
          <TextField
            label="Name"
            name="name"
            maxLength={PERSON_NAME_LENGTH_MAX}
            error={fieldProblem(problem, "/name")}
            required
          />
          <TextField label="E-mail" name="email" type="email" error={fieldProblem(problem, "/email")} required />
          <Select label="Role" name="role" defaultValue="responder" error={fieldProblem(problem, "/role")}>
            {serverRoles.map((role) => (
              <option key={role} value={role}>
                {role}: {roleMeanings[role]}
              </option>
            ))}
          </Select>
          <PasswordField label="Password" name="password" problem={problem} isRequired={false} />
        </>
      )}
    </FormDialog>
  );
}
