"use client";

import { Select } from "#/components/ui/field.tsx";
import type { ComponentView } from "#/server/audience/contract.ts";
import { type ComponentStatus, componentStatuses } from "#/server/audience/shared/lists.ts";
import { dataLosses } from "#/server/updates/shared/lists.ts";
import { componentStatusWords, dataLossSentences } from "#/server/updates/shared/words.ts";
import type { ResolveAnswers } from "./resolve-answers.ts";
import { chipClass, legendClass } from "./status-choice.tsx";

type Props = {
  answers: ResolveAnswers;
  components: readonly ComponentView[];
  onChange: (answers: ResolveAnswers) => void;
};

const dataWords = { no: "No", yes: "Yes", unknown: "Not known yet" } as const;
/** Nothing is left under maintenance by an incident. */
const leftStates = componentStatuses.filter((status) => status !== "under_maintenance");

/** Asks how each touched component is now, and whether data was lost; the public reads both. */
export function ResolveQuestions({ answers, components, onChange }: Props) {
  const set = (id: string, status: ComponentStatus) =>
    onChange({
      ...answers,
      components: answers.components.map((each) => (each.id === id ? { id, status } : each)),
    });
  const isLeft = answers.components.some((each) => each.status !== "operational");
  return (
    <div className="flex flex-col gap-4">
      {answers.components.length > 0 && (
        <fieldset className="flex min-w-0 flex-col gap-2">
          <legend className={legendClass}>How are they now?</legend>
          {answers.components.map(({ id, status }) => {
            const name = components.find((each) => each.id === id)?.name ?? "A component";
            return (
              <div key={id} className="grid grid-cols-[minmax(0,1fr)_minmax(0,1.6fr)] items-center gap-2">
                <span className="min-w-0 text-s wrap-anywhere">{name}</span>
                <Select
                  label={`${name} is now`}
                  isLabelHidden
                  value={status}
                  onChange={(event) => set(id, event.target.value as ComponentStatus)}
                >
                  {leftStates.map((each) => (
                    <option key={each} value={each}>
                      {componentStatusWords[each]}
                    </option>
                  ))}
                </Select>
              </div>
            );
          })}
          {isLeft && (
            <p className="text-s text-warn">
              It stays so on the page until somebody mends it; after 15 minutes without an open incident people are
              reminded.
            </p>
          )}
        </fieldset>
      )}
      <fieldset className="min-w-0">
        <legend className={legendClass}>Was data lost?</legend>
        <div className="flex flex-wrap gap-2">
          {dataLosses.map((each) => (
            <label key={each} className={`relative ${chipClass}`}>
              <input
                type="radio"
                name="data-lost"
                value={each}
                checked={answers.dataLost === each}
                onChange={() => onChange({ ...answers, dataLost: each })}
                className="absolute inset-0 m-0 size-full cursor-pointer opacity-0"
              />
              {dataWords[each]}
            </label>
          ))}
        </div>
        <p className="mt-1 text-s text-muted">
          {answers.dataLost
            ? `The public reads: ${dataLossSentences[answers.dataLost]}`
            : "People will ask. Without an answer nothing is said of it."}
        </p>
      </fieldset>
    </div>
  );
}
