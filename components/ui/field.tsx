"use client";

import { type ComponentProps, type ReactNode, useId } from "react";
import { cx } from "./cx.ts";

type Labelled = { label: string; hint?: ReactNode; error?: string | undefined; isLabelHidden?: boolean | undefined };

export const controlClass =
  "w-full min-h-9 rounded-sm border border-line-strong bg-bg px-3 py-1.5 text-text disabled:opacity-60 aria-invalid:border-bad max-md:min-h-11";

type FrameProps = Labelled & { id: string; children: ReactNode };

function FieldFrame({ id, label, hint, error, isLabelHidden, children }: FrameProps) {
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className={isLabelHidden ? "sr-only" : "text-s font-[550] text-text"}>
        {label}
      </label>
      {children}
      {hint && (
        <p id={`${id}-hint`} className="text-s text-muted">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="text-s text-bad">
          <span aria-hidden="true">! </span>
          {error}
        </p>
      )}
    </div>
  );
}

function describedBy(id: string, { hint, error }: Labelled): { "aria-describedby"?: string; "aria-invalid"?: true } {
  const ids = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return { ...(ids && { "aria-describedby": ids }), ...(error && { "aria-invalid": true }) };
}

/** One line of text with its label. */
export function TextField({
  label,
  hint,
  error,
  isLabelHidden,
  className,
  ...rest
}: ComponentProps<"input"> & Labelled) {
  const id = useId();
  const labelled = { label, hint, error, isLabelHidden };
  return (
    <FieldFrame id={id} {...labelled}>
      <input
        id={id}
        autoComplete="off"
        {...describedBy(id, labelled)}
        {...rest}
        className={cx(controlClass, className)}
      />
    </FieldFrame>
  );
}

/** Several lines of text; grows with what is written. */
export function TextArea({
  label,
  hint,
  error,
  isLabelHidden,
  className,
  ...rest
}: ComponentProps<"textarea"> & Labelled) {
  const id = useId();
  const labelled = { label, hint, error, isLabelHidden };
  return (
    <FieldFrame id={id} {...labelled}>
      <textarea
        id={id}
        rows={3}
        {...describedBy(id, labelled)}
        {...rest}
        className={cx(controlClass, "field-sizing-content max-h-[50vh] py-2", className)}
      />
    </FieldFrame>
  );
}

/** A choice from a list, by the platform's own control. */
export function Select({ label, hint, error, isLabelHidden, className, ...rest }: ComponentProps<"select"> & Labelled) {
  const id = useId();
  const labelled = { label, hint, error, isLabelHidden };
  return (
    <FieldFrame id={id} {...labelled}>
      <select id={id} {...describedBy(id, labelled)} {...rest} className={cx(controlClass, "pr-8", className)} />
    </FieldFrame>
  );
}

/** Yes or no, with its words beside it. */
export function Checkbox({
  label,
  hint,
  className,
  ...rest
}: ComponentProps<"input"> & { label: string; hint?: string }) {
  const id = useId();
  return (
    <div className={cx("flex items-start gap-2", className)}>
      <input
        id={id}
        type="checkbox"
        {...(hint && { "aria-describedby": `${id}-hint` })}
        {...rest}
        className="mt-0.5 size-[18px] shrink-0 accent-accent max-md:size-6"
      />
      <div>
        <label htmlFor={id} className="inline-block min-h-6 text-m">
          {label}
        </label>
        {hint && (
          <p id={`${id}-hint`} className="text-s text-muted">
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}
