"use client";

import { useSyncExternalStore } from "react";
import { IconButton } from "#/components/ui/button.tsx";
import { Kbd } from "#/components/ui/kbd.tsx";
import { useCenter } from "./command-center.tsx";
import { keyText } from "./key-text.ts";

const never = () => () => undefined;

/** The key as this keyboard has it; the server cannot know which, so it comes with the live page. */
function usePaletteKey(): string {
  return useSyncExternalStore(
    never,
    () => keyText("Mod+K"),
    () => "",
  );
}

function Lens() {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 16 16"
      className="size-4 fill-none stroke-current"
      strokeWidth="1.6"
      strokeLinecap="round"
    >
      <circle cx="7" cy="7" r="4.2" />
      <path d="m10.2 10.2 3.4 3.4" />
    </svg>
  );
}

/** The button that opens the palette, for who does not know the key or has none. */
export function OpenPalette({ isSmall = false }: { isSmall?: boolean }) {
  const center = useCenter();
  const key = usePaletteKey();
  const open = () => center?.openPalette();
  if (isSmall) {
    return (
      <IconButton label="Search and commands" aria-keyshortcuts="Control+K Meta+K" onClick={open}>
        <Lens />
      </IconButton>
    );
  }
  return (
    <button
      type="button"
      aria-keyshortcuts="Control+K Meta+K"
      onClick={open}
      className="flex w-full items-center justify-between gap-2 rounded-md border border-line px-2.5 py-1.5 text-s text-muted hover:border-line-strong hover:text-text max-md:min-h-14 max-md:border-0"
    >
      <span className="flex items-center gap-2">
        <Lens />
        <span className="max-md:sr-only">
          Search<span className="sr-only"> and commands</span>
        </span>
      </span>
      <Kbd>{key}</Kbd>
    </button>
  );
}
