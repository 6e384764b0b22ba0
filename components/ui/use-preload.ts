"use client";

import { useEffect } from "react";
import { preloadAll } from "./on-demand.tsx";

/** The page has settled by then; whatever is asked for earlier is loaded at once. */
const PRELOAD_AFTER_MS = 4_000;

/** Some time after a page has come, loads what it shows on demand. */
export function usePreload(): void {
  useEffect(() => {
    const timer = setTimeout(preloadAll, PRELOAD_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
}
