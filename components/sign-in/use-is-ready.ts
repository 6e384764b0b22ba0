"use client";

import { useSyncExternalStore } from "react";

const never = () => () => {};

/** False until the page's script runs: before that a form would be sent the browser's own way. */
export function useIsReady(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
