"use client";

import type { ReactNode } from "react";
import { api } from "#/components/api/client.ts";
import { ProblemBanner } from "#/components/api/problem-banner.tsx";
import { useSubmit } from "#/components/api/use-submit.ts";
import { Button } from "#/components/ui/button.tsx";
import type { ChangeSettingsInput } from "#/server/settings/contract.ts";
import { useRefreshed } from "./use-refreshed.ts";

type Props = {
  label: string;
  /** What the filled form changes. */
  read: (form: FormData) => ChangeSettingsInput;
  /** The fields, by name; `problem` is what the last attempt met. */
  children: (problem: unknown) => ReactNode;
  /** More buttons in the last row. */
  acts?: ReactNode;
};

/** A form that changes some of the organisation's settings and leaves the others. */
export function SettingsForm({ label, read, children, acts }: Props) {
  const refreshed = useRefreshed();
  const save = useSubmit(async (form: HTMLFormElement) => {
    await refreshed(api.patch("/api/v1/settings", read(new FormData(form))), "Saved.");
    // Credentials do not stay on the screen; the other fields show what is kept now.
    form.reset();
  });
  return (
    <form
      aria-label={label}
      className="flex max-w-xl flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void save.run(event.currentTarget);
      }}
    >
      {children(save.problem)}
      <ProblemBanner problem={save.problem} />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" isPending={save.isPending}>
          Save
        </Button>
        {acts}
      </div>
    </form>
  );
}
