"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { api, fieldProblem } from "#/components/api/client.ts";
import { ProblemBanner } from "#/components/api/problem-banner.tsx";
import { useSubmit } from "#/components/api/use-submit.ts";
import { Button, ButtonLink } from "#/components/ui/button.tsx";
import { Checkbox, TextField } from "#/components/ui/field.tsx";
import { toast } from "#/components/ui/toasts.tsx";
import type { AlertRouteView, DryRunView } from "#/server/alerts/routing/contract.ts";
import { ROUTE_NAME_LENGTH_MAX } from "#/server/alerts/shared/lists.ts";
import { ConditionField } from "./condition-field.tsx";
import { DryRun } from "./dry-run.tsx";
import { GroupFields } from "./group-fields.tsx";
import { OutcomeChoice } from "./outcome-choice.tsx";
import { EndFields, type FieldError, SetsFields, TellFields } from "./route-fields.tsx";
import { routeIn, triedRoute } from "./route-form.ts";

const PATH = "/api/v1/alert-routes";
const LIST = "/settings/alert-routes";

/** What the form says and what was tried of it, as text to compare. */
function useDryRun(route: AlertRouteView | null) {
  const [tried, setTried] = useState<{ asked: string; result: DryRunView } | null>(null);
  const [current, setCurrent] = useState("");
  const textOf = (form: HTMLFormElement) => JSON.stringify(triedRoute(new FormData(form), route));
  const submit = useSubmit(async (form: HTMLFormElement) => {
    const asked = textOf(form);
    setCurrent(asked);
    const result = await api.post<DryRunView>(`${PATH}/dry-run`, { route: JSON.parse(asked) });
    setTried({ asked, result });
  });
  return {
    ...submit,
    result: tried?.result ?? null,
    isStale: tried !== null && tried.asked !== current,
    follow: (form: HTMLFormElement) => setCurrent(textOf(form)),
  };
}

/** A new alert route, or one that is changed: its parts, and what they would have done. */
export function RouteEditor({ route }: { route: AlertRouteView | null }) {
  const router = useRouter();
  const form = useRef<HTMLFormElement>(null);
  const dryRun = useDryRun(route);
  const save = useSubmit(async (element: HTMLFormElement) => {
    const input = routeIn(new FormData(element), route?.isDefault ?? false);
    if (route) await api.patch(`${PATH}/${route.id}`, { ...input, version: route.version });
    else await api.post(PATH, input);
    toast(route ? `${input.name} saved. What comes from now on goes by it.` : `${input.name} added, after the others.`);
    router.push(LIST);
    router.refresh();
  });
  // Only what the last attempt met is said.
  const [last, setLast] = useState<"save" | "dry-run">("save");
  const problem = last === "save" ? save.problem : dryRun.problem;
  useFirstWrong(form, problem);
  const error: FieldError = (pointer) => fieldProblem(problem, pointer) ?? fieldProblem(problem, `/route${pointer}`);
  function tryOut(): void {
    if (!form.current) return;
    setLast("dry-run");
    void dryRun.run(form.current);
  }
  return (
    <form
      ref={form}
      aria-label="Alert route"
      className="grid min-w-0 items-start gap-4 xl:grid-cols-[minmax(0,1fr)_360px] xl:gap-x-5"
      onChange={(event) => dryRun.follow(event.currentTarget)}
      onSubmit={(event) => {
        event.preventDefault();
        setLast("save");
        void save.run(event.currentTarget);
      }}
    >
      <div className="flex min-w-0 flex-col gap-4">
        <TakesFields route={route} error={error} />
        <OutcomeChoice route={route} />
        <SetsFields route={route} error={error} />
        <GroupFields route={route} error={error} />
        <EndFields route={route} error={error} />
        <TellFields route={route} problem={problem} />
      </div>
      <div className="min-w-0 xl:sticky xl:top-5 xl:col-start-2 xl:row-span-2 xl:row-start-1">
        <DryRun {...dryRun} problem={last === "dry-run" ? problem : null} onRun={tryOut} />
      </div>
      <div className="flex min-w-0 flex-col gap-4">
        <ProblemBanner problem={last === "save" ? problem : null} />
        <div className="flex flex-wrap gap-2 max-md:[&>*]:min-h-11 max-md:[&>*]:grow">
          <Button type="submit" variant="primary" isPending={save.isPending}>
            {route ? "Save" : "Add route"}
          </Button>
          <ButtonLink href={LIST}>Cancel</ButtonLink>
        </div>
      </div>
    </form>
  );
}

/** After an attempt that failed the focus goes to the first field that is wrong. */
function useFirstWrong(form: { current: HTMLFormElement | null }, problem: unknown): void {
  useEffect(() => {
    if (problem) form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [form, problem]);
}

/** What it is called and which alerts it takes. */
function TakesFields({ route, error }: { route: AlertRouteView | null; error: FieldError }) {
  return (
    <>
      <TextField
        label="Name"
        name="name"
        defaultValue={route?.name}
        placeholder="Payments at night"
        maxLength={ROUTE_NAME_LENGTH_MAX}
        error={error("/name")}
        required
      />
      {route?.isDefault ? (
        <p className="text-s text-muted">
          It takes every alert that no other route matches, and cannot be switched off. To treat some of them apart,{" "}
          <Link href={`${LIST}/new`} className="inline-block min-h-6 text-accent underline">
            add a route
          </Link>
          .
        </p>
      ) : (
        <>
          <ConditionField
            label="Condition"
            name="condition"
            defaultValue={route?.condition}
            error={error("/condition")}
            required
          />
          <Checkbox
            label="Enabled"
            name="enabled"
            defaultChecked={route?.enabled ?? true}
            hint="The first enabled route whose condition holds decides"
          />
        </>
      )}
    </>
  );
}
