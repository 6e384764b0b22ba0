"use client";

import { type MouseEvent, type ReactNode, useEffect, useId, useRef } from "react";
import { IconButton } from "./button.tsx";
import { cx } from "./cx.ts";

type Props = {
  /** Its accessible name, shown at its top. */
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
  isWide?: boolean | undefined;
  /** A sheet at the page's side, as high as the page; on a phone it is the page. It lays itself out. */
  isSheet?: boolean | undefined;
};

/** A modal dialog: the page behind is out of reach, Esc and a press outside close it, and focus goes back where it was. */
export function Dialog({ isOpen, ...rest }: Props) {
  return isOpen ? <OpenDialog {...rest} /> : null;
}

/** Where the work begins: what says so itself, or the first field, or the chosen one of a first choice; without fields the first act, never Close. */
function firstFocus(dialog: HTMLDialogElement): HTMLElement | null {
  const named = dialog.querySelector<HTMLElement>("[data-first-focus]");
  if (named) return named;
  const field = dialog.querySelector<HTMLElement>("input, select, textarea");
  if (field instanceof HTMLInputElement && field.type === "radio") {
    return dialog.querySelector<HTMLElement>(`input[name="${field.name}"]:checked`) ?? field;
  }
  return field ?? dialog.querySelector<HTMLElement>("header ~ * button");
}

function OpenDialog({ title, onClose, children, isWide = false, isSheet = false }: Omit<Props, "isOpen">) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = ref.current;
    const cameFrom = document.activeElement;
    if (dialog && !dialog.open) {
      dialog.showModal();
      firstFocus(dialog)?.focus();
    }
    return () => {
      dialog?.close();
      if (cameFrom instanceof HTMLElement && cameFrom.isConnected) cameFrom.focus();
    };
  }, []);

  function closeFromOutside(event: MouseEvent<HTMLDialogElement>): void {
    if (event.target === ref.current) onClose();
  }

  return (
    <dialog
      ref={ref}
      aria-labelledby={titleId}
      onMouseDown={closeFromOutside}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      className={cx(
        "border-line-strong bg-panel p-0 text-text",
        isSheet
          ? "m-0 ml-auto h-dvh max-h-none w-full max-w-6xl overflow-hidden border-l"
          : "m-auto max-h-[calc(100dvh-32px)] w-[calc(100vw-24px)] overflow-auto rounded-lg border",
        !isSheet && (isWide ? "max-w-4xl" : "max-w-xl"),
      )}
    >
      <div className={isSheet ? "flex h-full flex-col" : "flex flex-col gap-4 p-5 max-md:p-4"}>
        <header
          className={cx(
            "flex items-start justify-between gap-3",
            isSheet ? "px-6 pt-4 max-md:px-4 max-md:pt-3" : "-mt-1",
          )}
        >
          <h2 id={titleId} className="pt-1 text-l font-semibold">
            {title}
          </h2>
          <IconButton label="Close" onClick={onClose}>
            ✕
          </IconButton>
        </header>
        {children}
      </div>
    </dialog>
  );
}

/** The row of buttons at a dialog's end. */
export function DialogActions({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap justify-end gap-2 max-md:[&>*]:min-h-11 max-md:[&>*]:grow">{children}</div>;
}
