"use client";

import { type ReactNode, useEffect, useRef } from "react";
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
  const list = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list with the same mark scrolls, too.
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [active, groups]);
  let count = 0;
  return (
    <div
      ref={list}
      id={id}
      role="listbox"
      {...(isStop && { tabIndex: 0 })}
      aria-label={label}
      className={cx("overflow-y-auto overscroll-contain", className)}
    >
      {groups.map((group) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset has no place in a listbox.
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
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and hears the keys.
    // biome-ignore lint/a11y/useFocusableInteractive: aria-activedescendant points at it.
    <div
      id={id}
      role="option"
      aria-selected={isActive}
      // Before the click: the field must not lose its focus.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onChoose}
      className="mx-1.5 flex min-h-9 cursor-pointer items-center gap-3 rounded-sm px-2 py-1 text-s hover:bg-raised aria-selected:bg-raised aria-selected:outline-2 aria-selected:-outline-offset-2 aria-selected:outline-focus max-md:min-h-11"
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
    </div>
  );
}
