"use client";

import { type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "./button.tsx";
import { cx } from "./cx.ts";
import { Select, TextField } from "./field.tsx";
import { useFilters } from "./use-filters.ts";

export type FilterChoice = {
  /** Its name in the address. */
  name: string;
  label: string;
  /** What it shows when nothing is filtered. */
  all: string;
  options: readonly { value: string; label: string }[];
};
type Props = { searchLabel: string; choices: readonly FilterChoice[]; children?: ReactNode };

/** Search and choices above a list, kept in its address; `/` goes to the search. */
export function FilterBar({ searchLabel, choices, children }: Props) {
  const filters = useFilters();
  const [text, setText] = useState(filters.valueOf("q"));
  const search = useRef<HTMLInputElement>(null);
  const shown = filters.valueOf("q");
  useEffect(() => {
    // A link took the search back; what somebody is typing stays.
    if (document.activeElement !== search.current) setText(shown);
  }, [shown]);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const isTyping =
        event.target instanceof Element && event.target.closest("input:not([type=checkbox]), textarea, select, dialog");
      if (event.key !== "/" || isTyping) return;
      event.preventDefault();
      search.current?.focus();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
  const [isOpen, setOpen] = useState(() => choices.some((choice) => filters.valueOf(choice.name) !== ""));
  const isFiltered = text !== "" || choices.some((choice) => filters.valueOf(choice.name) !== "");

  return (
    <search className="flex flex-wrap items-center gap-2">
      <div className="min-w-40 grow basis-40">
        <TextField
          ref={search}
          type="search"
          label={searchLabel}
          isLabelHidden
          placeholder={searchLabel}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            filters.setSoon("q", event.target.value.trim());
          }}
          maxLength={200}
        />
      </div>
      {choices.length > 0 && (
        <Button className="max-md:min-h-11 md:hidden" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          Filter
        </Button>
      )}
      {choices.map((choice) => (
        <div key={choice.name} className={cx("max-md:grow", !isOpen && "max-md:hidden")}>
          <Select
            label={choice.label}
            isLabelHidden
            value={filters.valueOf(choice.name)}
            onChange={(event) => filters.set(choice.name, event.target.value)}
          >
            <option value="">{choice.all}</option>
            {choice.options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </Select>
        </div>
      ))}
      {isFiltered && (
        <Button
          variant="quiet"
          onClick={() => {
            setText("");
            filters.clear();
          }}
        >
          Clear
        </Button>
      )}
      {children}
    </search>
  );
}
