"use client";

import type { FormEvent } from "react";
import { api, fieldProblem } from "#/components/api/client.ts";
import { textIn } from "#/components/api/form-values.ts";
import { ProblemBanner } from "#/components/api/problem-banner.tsx";
import { useSubmit } from "#/components/api/use-submit.ts";
import { Button } from "#/components/ui/button.tsx";
import { TextField } from "#/components/ui/field.tsx";
import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN, PERSON_NAME_LENGTH_MAX } from "#/server/people/shared/limits.ts";
import { sendCredentials } from "./send-credentials.ts";
import { useIsReady } from "./use-is-ready.ts";

/** Makes the first owner by the one-time link, and signs them in. */
export function SetupForm({ token }: { token: string }) {
  const isReady = useIsReady();
  const { run, isPending, problem } = useSubmit(async (form: FormData) => {
    const email = textIn(form, "email");
    const password = String(form.get("password") ?? "");
    await api.post("/api/v1/setup", { token, name: textIn(form, "name"), email, password });
    // The account is there whatever comes next: then the way in is the sign-in page.
    const isIn = await sendCredentials(email, password).then(
      () => true,
      () => false,
    );
    location.assign(isIn ? "/incidents" : "/sign-in");
  });

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    run(new FormData(event.currentTarget));
  }

  return (
    <form method="post" onSubmit={submit} className="flex flex-col gap-4">
      <ProblemBanner problem={problem} />
      <TextField
        label="Name"
        name="name"
        autoComplete="name"
        maxLength={PERSON_NAME_LENGTH_MAX}
        error={fieldProblem(problem, "/name")}
        required
      />
      <TextField
        label="E-mail"
        name="email"
        type="text"
        inputMode="email"
        autoComplete="username"
        error={fieldProblem(problem, "/email")}
        required
      />
      <TextField
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        hint={`${PASSWORD_LENGTH_MIN} characters or more; a long sentence is best.`}
        minLength={PASSWORD_LENGTH_MIN}
        maxLength={PASSWORD_LENGTH_MAX}
        error={fieldProblem(problem, "/password")}
        required
      />
      <Button type="submit" variant="primary" isPending={isPending} disabled={!isReady}>
        Create the first account
      </Button>
    </form>
  );
}
