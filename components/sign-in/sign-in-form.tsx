"use client";

import type { FormEvent } from "react";
import { textIn } from "#/components/api/form-values.ts";
import { ProblemBanner } from "#/components/api/problem-banner.tsx";
import { useSubmit } from "#/components/api/use-submit.ts";
import { Button } from "#/components/ui/button.tsx";
import { TextField } from "#/components/ui/field.tsx";
import { PASSWORD_LENGTH_MAX } from "#/server/people/shared/limits.ts";
import { sendCredentials } from "./send-credentials.ts";
import { useIsReady } from "./use-is-ready.ts";

type Props = {
  /** A path of this site. */
  goTo: string;
};

/** E-mail address and password; goes on to where the person wanted to be. */
export function SignInForm({ goTo }: Props) {
  const isReady = useIsReady();
  const { run, isPending, problem } = useSubmit(async (form: FormData) => {
    await sendCredentials(textIn(form, "email"), String(form.get("password") ?? ""));
    // A whole new page: everything is read again as this person.
    location.assign(goTo);
  });

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    run(new FormData(event.currentTarget));
  }

  return (
    <form method="post" onSubmit={submit} className="flex flex-col gap-4">
      <ProblemBanner problem={problem} />
      <TextField label="E-mail" name="email" type="text" inputMode="email" autoComplete="username" required />
      <TextField
        label="Password"
        name="password"
        type="password"
        autoComplete="current-password"
        maxLength={PASSWORD_LENGTH_MAX}
        required
      />
      <Button type="submit" variant="primary" isPending={isPending} disabled={!isReady}>
        Sign in
      </Button>
    </form>
  );
}
