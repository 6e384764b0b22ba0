"use client";

import { useEffect, useRef } from "react";

let typed = "";

/** What was typed before the palette was there; once. */
export function takeTyped(): string {
  const text = typed;
  typed = "";
  return text;
}

/** Stands in for the palette while its code comes: the first letters are not lost. */
export function PaletteSoon({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    const cameFrom = document.activeElement;
    typed = "";
    element?.showModal();
    return () => {
      element?.close();
      if (cameFrom instanceof HTMLElement && cameFrom.isConnected) cameFrom.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      data-palette=""
      aria-label="Commands and search"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      className="mx-auto mt-[12vh] mb-auto w-[calc(100vw-24px)] max-w-[600px] rounded-lg border border-line-strong bg-panel p-2 text-text shadow-lg"
    >
      <input
        aria-label="Search, or run a command"
        placeholder="Search, or run a command"
        onChange={(event) => {
          typed = event.target.value;
        }}
        className="min-h-9 w-full bg-transparent px-1 text-[15px] outline-none max-md:min-h-11"
      />
    </dialog>
  );
}
