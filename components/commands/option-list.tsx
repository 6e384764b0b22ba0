"use client";

import { type ReactNode, useEffect } from "react";
import { cx } from "#/components/ui/cx.ts";
import { Kbd } from "#/components/ui/kbd.tsx";
import { keyText } from "./key-text.ts";
import type { Group, Option } from "./palette-options.ts";

/** The label with what the query found in it. */
function marked({ label, ranges }: Option): ReactNode {
  const pieces: ReactNode[] = [];
  let at = 0;
  for (const [start, end] of ranges) {
    pieces.push(label.slice(at, start));
    pieces.push(
      <b key={start} className="font-semibold text-accent">
        {label.slice(start, end)}
      </b>,
    );
    at = end;
  }
  return [...pieces, label.slice(at)];
}

type Props = {
  id: string;
  label: string;
  groups: readonly Group[];
  /** The number of the marked option through all groups; -1 for none. */
  active: number;
  onChoose: (option: Option) => void;
  /** A stop of Tab, for a list that scrolls under a field which is no combobox. */
  isStop?: boolean;
  className?: string | undefined;
};

/** The id of the option with this number, for `aria-activedescendant`. */
export function optionId(listId: string, at: number): string {
  return `${listId}-${at}`;
}

/** A list of suggestions under a field that keeps the focus; the arrows move the mark. */
export function OptionList({ id, label, groups, active, onChoose, isStop = false, className }: Props) {
  let count = 0;
  return (
    <div
      id={id}
      role="listbox"
      {...(isStop && { tabIndex: 0 })}
      aria-label={label}
      className={cx("overflow-y-auto overscroll-contain", className)}
    >
      {groups.map((group) => (
        // biome-ignore lint/a11y/useSemanticElements: of all elements a listbox may hold options and groups only, no fieldset.
        <div key={group.name} role="group" aria-label={group.name}>
          <div
            aria-hidden="true"
            className="px-3 pt-2.5 pb-1 text-xs font-semibold tracking-[0.06em] text-muted uppercase"
          >
            {group.name}
          </div>
          {group.options.map((option) => {
            const at = count++;
            return (
              <OptionRow
                key={option.key}
                id={optionId(id, at)}
                option={option}
                isActive={at === active}
                onChoose={() => onChoose(option)}
              />
            );
          })}
        </div>
      ))}
    </div>
  );
}

type RowProps = { id: string; option: Option; isActive: boolean; onChoose: () => void };

function OptionRow({ id, option, isActive, onChoose }: RowProps) {
  useEffect(() => {
    if (isActive) document.getElementById(id)?.scrollIntoView({ block: "nearest" });
  }, [id, isActive]);
  return (
    <button
      type="button"
      id={id}
      role="option"
      aria-selected={isActive}
      // The field keeps the focus, and aria-activedescendant points here.
      tabIndex={-1}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onChoose}
      className="mx-1.5 flex min-h-9 w-[calc(100%-12px)] cursor-pointer items-center gap-3 rounded-sm px-2 py-1 text-left text-s hover:bg-raised aria-selected:bg-raised aria-selected:outline-2 aria-selected:-outline-offset-2 aria-selected:outline-focus max-md:min-h-11"
    >
      <span className="min-w-0 grow">
        <span className="block wrap-anywhere">{marked(option)}</span>
        {option.detail && <span className="line-clamp-2 block text-xs text-muted wrap-anywhere">{option.detail}</span>}
      </span>
      {option.keys && (
        <span className="flex shrink-0 gap-1 text-muted">
          {option.keys.map((key) => (
            <Kbd key={key}>{keyText(key)}</Kbd>
          ))}
        </span>
      )}
    </button>
  );
}
