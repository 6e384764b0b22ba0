"use client";

import { useId } from "react";

type Props<T extends string> = {
  /** Names the choice for assistive technology. */
  label: string;
  value: T;
  options: readonly { value: T; label: string }[];
  onChange: (value: T) => void;
};

/** One of a few, all in sight: radio buttons in one row. */
export function Segmented<T extends string>({ label, value, options, onChange }: Props<T>) {
  const name = useId();
  return (
    <fieldset className="inline-flex w-fit overflow-hidden rounded-sm border border-line has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-offset-2 has-[:focus-visible]:outline-focus">
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <label
          key={option.value}
          className="relative grid min-h-6 place-items-center px-2.5 text-xs whitespace-nowrap text-muted has-checked:bg-raised has-checked:font-[550] has-checked:text-text max-md:min-h-11 max-md:min-w-11"
        >
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
            className="absolute inset-0 m-0 size-full cursor-pointer opacity-0"
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}
