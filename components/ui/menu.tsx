"use client";

import { type FocusEvent, type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { Button, type ButtonSize, type ButtonVariant } from "./button.tsx";
import { cx } from "./cx.ts";

export type MenuItem = {
  label: ReactNode;
  onSelect: () => void;
  /** Second line, in muted letters. */
  hint?: string | undefined;
  isCurrent?: boolean | undefined;
  isDisabled?: boolean | undefined;
};
type Props = {
  /** What the button shows. */
  children: ReactNode;
  /** The button's name, when what it shows does not say enough. */
  label?: string | undefined;
  items: readonly MenuItem[];
  variant?: ButtonVariant | undefined;
  size?: ButtonSize | undefined;
  align?: "start" | "end" | undefined;
  className?: string | undefined;
};

function focusItem(menu: HTMLElement | null, pick: (index: number, count: number) => number): void {
  const items = [...(menu?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? [])];
  const at = items.indexOf(document.activeElement as HTMLElement);
  items.at(pick(at, items.length))?.focus();
}

/** A button that opens a list of acts: arrows, Home, End and Esc work as people expect. */
export function Menu({ children, label, items, variant, size, align = "start", className }: Props) {
  const [isOpen, setOpen] = useState(false);
  const menu = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => {
    if (isOpen) focusItem(menu.current, () => 0);
  }, [isOpen]);

  function close(): void {
    setOpen(false);
    button.current?.focus();
  }
  function press(event: KeyboardEvent): void {
    if (event.key === "Escape" && isOpen) close();
    else if (event.key === "ArrowDown" && isOpen) focusItem(menu.current, (at, count) => (at + 1) % count);
    else if (event.key === "ArrowDown") setOpen(true);
    else if (event.key === "ArrowUp") focusItem(menu.current, (at) => at - 1);
    else if (event.key === "Home") focusItem(menu.current, () => 0);
    else if (event.key === "End") focusItem(menu.current, () => -1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
  function leave(event: FocusEvent<HTMLDivElement>): void {
    if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false);
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it hears what bubbles from the button and the items.
    <div className={cx("relative inline-block", className)} onBlur={leave} onKeyDown={press}>
      <Button
        ref={button}
        variant={variant}
        size={size}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        {...(label && { "aria-label": label })}
        {...(isOpen && { "aria-controls": id })}
        onClick={() => setOpen(!isOpen)}
      >
        {children}
      </Button>
      {isOpen && (
        <div
          ref={menu}
          id={id}
          role="menu"
          className={cx(
            "absolute z-30 mt-1 flex max-h-[60vh] w-max max-w-80 min-w-40 flex-col overflow-auto rounded-md border border-line-strong bg-panel p-1 shadow-lg",
            align === "end" ? "right-0" : "left-0",
          )}
        >
          {items.map((item, index) => (
            <MenuRow
              // biome-ignore lint/suspicious/noArrayIndexKey: the items of one menu do not move.
              key={index}
              item={item}
              onSelect={() => {
                close();
                item.onSelect();
              }}
            />
          ))}
        </div>
      )}
    </div>
  );
}

function MenuRow({ item, onSelect }: { item: MenuItem; onSelect: () => void }) {
  const isChoice = item.isCurrent !== undefined;
  return (
    <button
      type="button"
      role={isChoice ? "menuitemradio" : "menuitem"}
      {...(isChoice && { "aria-checked": item.isCurrent })}
      tabIndex={-1}
      disabled={item.isDisabled}
      onClick={onSelect}
      className="flex min-h-8 flex-col justify-center rounded-sm px-2.5 py-1 text-left text-s hover:bg-raised focus-visible:bg-raised focus-visible:outline-offset-[-2px] disabled:opacity-50 aria-checked:font-semibold max-md:min-h-11"
    >
      <span>{item.label}</span>
      {item.hint && <span className="font-normal text-muted">{item.hint}</span>}
    </button>
  );
}
