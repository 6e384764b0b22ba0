"use client";

import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useEffect, useRef } from "react";

/** Typing pauses this long before the list follows. */
const TYPING_PAUSE_MS = 250;

/** Filters that live in the address, so that a list can be sent to somebody. Text follows after a pause in typing. */
export function useFilters() {
  const router = useRouter();
  const path = usePathname();
  const params = useSearchParams();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  function go(name: string, value: string): void {
    const next = new URLSearchParams(window.location.search);
    if (value) next.set(name, value);
    else next.delete(name);
    // What fits now begins anew.
    next.delete("cursor");
    router.replace(next.size > 0 ? `${path}?${next}` : path, { scroll: false });
  }
  return {
    valueOf: (name: string) => params.get(name) ?? "",
    set: go,
    setSoon(name: string, value: string): void {
      clearTimeout(timer.current);
      timer.current = setTimeout(() => go(name, value), TYPING_PAUSE_MS);
    },
    clear: () => router.replace(path, { scroll: false }),
  };
}
