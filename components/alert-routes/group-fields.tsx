"use client";

import { Select, TextField } from "#/components/ui/field.tsx";
import type { AlertRouteView } from "#/server/alerts/routing/contract.ts";
import { groupFields } from "#/server/alerts/shared/condition-names.ts";
import {
  DEBOUNCE_MINUTES_DEFAULT,
  DEBOUNCE_MINUTES_MAX,
  GROUP_FIELDS_MAX,
  GROUP_WINDOW_MINUTES_MAX,
  THRESHOLD_COUNT_MAX,
  THRESHOLD_MINUTES_MAX,
} from "#/server/alerts/shared/lists.ts";
import { Fold } from "./fold.tsx";
import type { RouteFieldsProps } from "./route-fields.tsx";
import { groupWords, minutesInWords } from "./route-words.ts";

/** Within how many minutes reports are counted until somebody says otherwise. */
const THRESHOLD_MINUTES_DEFAULT = 10;

function groupSummary(route: AlertRouteView | null): string {
  if (!route) return "one incident for each service";
  const { threshold } = route;
  const from = threshold ? ` · from ${threshold.count} reports within ${minutesInWords(threshold.minutes)}` : "";
  return `one incident ${groupWords(route)}${from}`;
}

/** Which alerts share an incident, and from how many reports on there is one. */
export function GroupFields({ route, error }: RouteFieldsProps) {
  const groupBy = Array.from({ length: GROUP_FIELDS_MAX + 1 }, (_, at) => error(`/groupBy/${at}`)).find(Boolean);
  const errors = {
    groupBy: error("/groupBy") ?? groupBy,
    window: error("/groupWindow") ?? error("/groupWindow/minutes"),
    count: error("/threshold/count") ?? error("/threshold"),
    minutes: error("/threshold/minutes"),
    debounce: error("/debounceMinutes"),
  };
  const isUsual =
    !route ||
    (route.groupBy.length === 0 &&
      !route.threshold &&
      route.correlate &&
      route.debounceMinutes === DEBOUNCE_MINUTES_DEFAULT);
  return (
    <Fold
      title="How it groups"
      summary={groupSummary(route)}
      isOpenAtFirst={!isUsual}
      hasProblem={Object.values(errors).some(Boolean)}
    >
      <TextField
        label="Group by"
        name="groupBy"
        defaultValue={route?.groupBy.join(", ")}
        placeholder="service, labels.cluster"
        spellCheck={false}
        className="font-mono text-[13px]!"
        hint={`Up to ${GROUP_FIELDS_MAX}, with commas: ${groupFields.join(", ")}, or a label as labels.cluster. Empty: one incident for each service`}
        error={errors.groupBy}
      />
      <div className="grid gap-4 md:grid-cols-2">
        <TextField
          label="Window (minutes)"
          name="windowMinutes"
          type="number"
          min={1}
          max={GROUP_WINDOW_MINUTES_MAX}
          defaultValue={route?.groupWindow?.minutes}
          hint="Needs fields to group by. Empty: as long as the incident is open"
          error={errors.window}
        />
        <Select label="Counted from" name="windowKind" defaultValue={route?.groupWindow?.kind ?? "fixed"}>
          <option value="fixed">the first alert (fixed)</option>
          <option value="sliding">the last alert (sliding)</option>
        </Select>
        <CountFields route={route} error={error} />
      </div>
    </Fold>
  );
}

/** From how many reports on it opens, and what becomes of what comes after an end. */
function CountFields({ route, error }: RouteFieldsProps) {
  return (
    <>
      <TextField
        label="Opens from (reports)"
        name="thresholdCount"
        type="number"
        min={2}
        max={THRESHOLD_COUNT_MAX}
        defaultValue={route?.threshold?.count}
        hint="Repeats count. Empty: from the first"
        error={error("/threshold/count") ?? error("/threshold")}
      />
      <TextField
        label="Within (minutes)"
        name="thresholdMinutes"
        type="number"
        min={1}
        max={THRESHOLD_MINUTES_MAX}
        defaultValue={route?.threshold?.minutes ?? THRESHOLD_MINUTES_DEFAULT}
        error={error("/threshold/minutes")}
        required
      />
      <TextField
        label="Debounce (minutes)"
        name="debounceMinutes"
        type="number"
        min={0}
        max={DEBOUNCE_MINUTES_MAX}
        defaultValue={route?.debounceMinutes ?? DEBOUNCE_MINUTES_DEFAULT}
        hint="What fires so soon after an end is held until somebody chooses. 0 holds nothing"
        error={error("/debounceMinutes")}
        required
      />
      <Select
        label="Incidents of related services"
        name="correlate"
        defaultValue={route ? (route.correlate ? "yes" : "no") : ""}
      >
        {!route && <option value="">joined, unless it groups by fields</option>}
        <option value="yes">joined when evidence says so</option>
        <option value="no">never joined</option>
      </Select>
    </>
  );
}
