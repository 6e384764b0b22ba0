"use client";

import { fieldProblem } from "#/components/api/client.ts";
import { textIn } from "#/components/api/form-values.ts";
import { TextField } from "#/components/ui/field.tsx";
import type { SettingsView } from "#/server/settings/contract.ts";
import { SettingsForm } from "./settings-form.tsx";

/** Where mail goes back to that cannot be delivered, and where a mail server hands it in. */
export function BouncesForm({ bounces }: { bounces: SettingsView["bounces"] }) {
  return (
    <>
      <p className="mb-3 max-w-prose text-s text-muted">
        What your mail server refuses at once is taken note of by itself. What comes back later is, when the address
        below hands it in: let your mail server pass each mail to it on, as it is, to{" "}
        <code className="rounded bg-raised px-1 break-all">{bounces.url}</code> (POST). Keep that address to yourself.
      </p>
      <SettingsForm
        label="Mail that comes back"
        read={(form) => ({ bounces: { address: textIn(form, "address") || null } })}
      >
        {(problem) => (
          <TextField
            label="Address for mail that comes back"
            name="address"
            type="email"
            placeholder="bounces@example.com"
            defaultValue={bounces.address ?? ""}
            hint="Left empty, it comes back to the sender's address"
            error={fieldProblem(problem, "/bounces/address")}
          />
        )}
      </SettingsForm>
    </>
  );
}
