"use client";

import Link from "next/link";
import type { ComponentProps, MouseEvent } from "react";
import { cx } from "./cx.ts";
import { Spinner } from "./spinner.tsx";

export type ButtonVariant = "primary" | "plain" | "quiet" | "danger";
export type ButtonSize = "s" | "m";
type Look = { variant?: ButtonVariant | undefined; size?: ButtonSize | undefined };

const shape =
  "inline-flex items-center justify-center gap-1.5 rounded-sm border font-[550] whitespace-nowrap select-none disabled:opacity-50 aria-disabled:opacity-60";
const looks: Record<ButtonVariant, string> = {
  primary: "border-accent bg-accent text-accent-ink hover:brightness-110 max-md:min-h-11",
  plain: "border-line-strong bg-raised text-text hover:border-text",
  quiet: "border-transparent bg-transparent text-muted hover:bg-raised hover:text-text",
  danger: "border-bad bg-bad-bg text-bad hover:border-text",
};
const sizes: Record<ButtonSize, string> = { s: "min-h-7 px-2.5 text-s", m: "min-h-[34px] px-3.5 text-[13px]" };

function buttonClass({ variant = "plain", size = "m" }: Look, className?: string): string {
  return cx(shape, looks[variant], sizes[size], className);
}

type ButtonProps = ComponentProps<"button"> & Look & { isPending?: boolean | undefined };

/** A button. While pending it keeps focus and name, and ignores presses. */
export function Button({ variant, size, isPending = false, className, children, onClick, ...rest }: ButtonProps) {
  function press(event: MouseEvent<HTMLButtonElement>): void {
    if (isPending) event.preventDefault();
    else onClick?.(event);
  }
  return (
    <button
      type="button"
      {...rest}
      onClick={press}
      aria-disabled={isPending || undefined}
      aria-busy={isPending || undefined}
      className={buttonClass({ variant, size }, className)}
    >
      {isPending && <Spinner />}
      {children}
    </button>
  );
}

type ButtonLinkProps = ComponentProps<typeof Link> & Look;

/** A link that looks like a button: it goes somewhere and changes nothing. */
export function ButtonLink({ variant, size, className, ...rest }: ButtonLinkProps) {
  return <Link {...rest} className={buttonClass({ variant, size }, className)} />;
}

type IconButtonProps = ComponentProps<"button"> & { label: string };

/** A button that shows only a sign; `label` is its name. */
export function IconButton({ label, className, children, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      title={label}
      className={cx(
        "inline-grid size-8 shrink-0 place-items-center rounded-sm border border-transparent text-muted hover:bg-raised hover:text-text disabled:opacity-50 max-md:size-11",
        className,
      )}
    >
      <span aria-hidden="true">{children}</span>
    </button>
  );
}
