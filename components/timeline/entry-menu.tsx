"use client";

import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from "react";

export type EntryAct = { label: string; onSelect: () => void };
type Props = {
  /** The button that it belongs to. */
  anchor: HTMLElement;
  label: string;
  acts: readonly EntryAct[];
  onClose: () => void;
};

const GAP_PX = 4;

/** Below the button, or above it where the page ends. */
function placeOf(anchor: HTMLElement, menu: HTMLElement): { top: number; right: number } {
  const button = anchor.getBoundingClientRect();
  const height = menu.offsetHeight;
  const isRoomBelow = button.bottom + GAP_PX + height <= window.innerHeight;
  const top = isRoomBelow ? button.bottom + GAP_PX : Math.max(GAP_PX, button.top - GAP_PX - height);
  return { top, right: Math.max(GAP_PX, window.innerWidth - button.right) };
}

/** What can be done with one entry. One menu serves all rows, above everything that scrolls. */
export function EntryMenu({ anchor, label, acts, onClose }: Props) {
  const ref = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<{ top: number; right: number } | null>(null);
  useLayoutEffect(() => {
    if (ref.current) setPlace(placeOf(anchor, ref.current));
  }, [anchor]);
  useEffect(() => {
    if (place) ref.current?.querySelector<HTMLElement>('[role="menuitem"]')?.focus();
  }, [place]);
  useEffect(() => {
    const end = (event: Event) => {
      if (!(event.target instanceof Node && ref.current?.contains(event.target))) onClose();
    };
    document.addEventListener("pointerdown", end);
    document.addEventListener("scroll", end, true);
    window.addEventListener("resize", onClose);
    return () => {
      document.removeEventListener("pointerdown", end);
      document.removeEventListener("scroll", end, true);
      window.removeEventListener("resize", onClose);
    };
  }, [onClose]);

  function close(): void {
    onClose();
    anchor.focus();
  }
  function press(event: KeyboardEvent): void {
    const items = [...(ref.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    if (event.key === "Escape" || event.key === "Tab") close();
    else if (event.key === "ArrowDown") items[(at + 1) % items.length]?.focus();
    else if (event.key === "ArrowUp") items.at(at - 1)?.focus();
    else if (event.key === "Home") items[0]?.focus();
    else if (event.key === "End") items.at(-1)?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
  return (
    <div
      ref={ref}
      role="menu"
      tabIndex={-1}
      aria-label={label}
      onKeyDown={press}
      style={place ?? { visibility: "hidden", top: 0, right: 0 }}
      className="fixed z-40 flex max-h-[70vh] w-max max-w-80 min-w-44 flex-col overflow-auto rounded-md border border-line-strong bg-panel p-1 shadow-lg"
    >
      {acts.map((act) => (
        <button
          key={act.label}
          type="button"
          role="menuitem"
          tabIndex={-1}
          onClick={() => {
            close();
            act.onSelect();
          }}
          className="flex min-h-8 items-center rounded-sm px-2.5 py-1 text-left text-s hover:bg-raised focus-visible:bg-raised focus-visible:outline-offset-[-2px] max-md:min-h-11"
        >
          {act.label}
        </button>
      ))}
    </div>
  );
}
