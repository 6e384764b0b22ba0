"use client";

import { useId } from "react";
import { useServiceNames } from "#/components/settings/service-names-field.tsx";
import { listProblem, TELL_HINT } from "#/components/settings/tell-lists.tsx";
import { Select, TextArea, TextField } from "#/components/ui/field.tsx";
import type { AlertRouteView } from "#/server/alerts/routing/contract.ts";
import {
  alertSeverities,
  STALE_MINUTES_MAX,
  STALE_MINUTES_MIN,
  TEAM_LENGTH_MAX,
} from "#/server/alerts/shared/lists.ts";
import { TELL_TARGETS_MAX } from "#/server/notify/shared/tell-target.ts";
import { SERVICE_NAME_LENGTH_MAX } from "#/server/services/shared/lists.ts";
import { Fold } from "./fold.tsx";
import { endWords, setsWords } from "./route-words.ts";

export type FieldError = (pointer: string) => string | undefined;
export type RouteFieldsProps = { route: AlertRouteView | null; error: FieldError };

/** What the route sets on an alert. */
export function SetsFields({ route, error }: RouteFieldsProps) {
  const listId = useId();
  const services = useServiceNames();
  const errors = [error("/service"), error("/severity"), error("/team")];
  return (
    <Fold
      title="What it sets"
      summary={(route && setsWords(route)) || "nothing"}
      isOpenAtFirst={Boolean(route && setsWords(route))}
      hasProblem={errors.some(Boolean)}
    >
      <TextField
        label="Service"
        name="service"
        list={listId}
        defaultValue={route?.service?.name}
        hint="Empty: what the alert says"
        maxLength={SERVICE_NAME_LENGTH_MAX}
        error={errors[0]}
      />
      <datalist id={listId}>
        {services.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <div className="grid gap-4 md:grid-cols-2">
        <Select label="Severity" name="severity" defaultValue={route?.severity ?? ""} error={errors[1]}>
          <option value="">What the alert says</option>
          {alertSeverities.map((severity) => (
            <option key={severity} value={severity}>
              {severity}
            </option>
          ))}
        </Select>
        <TextField
          label="Team"
          name="team"
          defaultValue={route?.team ?? ""}
          maxLength={TEAM_LENGTH_MAX}
          error={errors[2]}
        />
      </div>
    </Fold>
  );
}

/** When its alerts and incidents end by themselves. */
export function EndFields({ route, error }: RouteFieldsProps) {
  const staleError = error("/staleAfterMinutes");
  const isUsual = !route || (route.autoResolve === "never" && route.staleAfterMinutes === null);
  return (
    <Fold
      title="How it ends"
      summary={(route && endWords(route).join(" · ")) || "people end its incidents"}
      isOpenAtFirst={!isUsual}
      hasProblem={Boolean(staleError)}
    >
      <Select
        label="When all alerts of an incident have ended"
        name="autoResolve"
        defaultValue={route?.autoResolve ?? "never"}
      >
        <option value="never">nothing: people decide</option>
        <option value="triage">it is declined, if nobody accepted it</option>
        <option value="propose">it is declined, or its people are asked whether it is over</option>
      </Select>
      <TextField
        label="End alerts not heard of for (minutes)"
        name="staleAfterMinutes"
        type="number"
        min={STALE_MINUTES_MIN}
        max={STALE_MINUTES_MAX}
        defaultValue={route?.staleAfterMinutes ?? undefined}
        hint="Empty: 24 hours for sources that never say when it is over, else 7 days"
        error={staleError}
      />
    </Fold>
  );
}

/** Who hears of what it opens. */
export function TellFields({ route, problem }: { route: AlertRouteView | null; problem: unknown }) {
  const error = listProblem(problem, "tell", TELL_TARGETS_MAX);
  const tell = route?.tell ?? [];
  return (
    <Fold
      title="Who hears"
      summary={tell.length > 0 ? tell.join(", ") : "the organisation’s and the service’s tell lists"}
      isOpenAtFirst={tell.length > 0}
      hasProblem={Boolean(error)}
    >
      <TextArea
        label="Tell list"
        name="tell"
        defaultValue={tell.join("\n")}
        hint={`Beside the organisation’s and the service’s lists. ${TELL_HINT}`}
        error={error}
      />
    </Fold>
  );
}
