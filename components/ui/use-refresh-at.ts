"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { serverNow } from "./clock.tsx";

/** A moment after, so that the server agrees; and often enough that no timer overflows. */
const AFTER_MS = 1_000;
const LOOK_AGAIN_MS = 60 * 60_000;
/** What was due and is not done yet, as a job that waits for its turn, is looked for again so often. */
const OVERDUE_MS = 3_000;

/** Reads the page anew at the first of these instants, RFC 3339 and, when it is overdue, every few seconds until it is done. */
export function useRefreshAt(instants: readonly string[]): void {
  const router = useRouter();
  const times = instants.map((at) => Date.parse(at));
  const next = times.length > 0 ? Math.min(...times) : null;
  useEffect(() => {
    if (next === null) return;
    const wait = () => {
      const leftMs = next - serverNow();
      return Math.min(leftMs > 0 ? leftMs + AFTER_MS : OVERDUE_MS, LOOK_AGAIN_MS);
    };
    let timer = setTimeout(function look() {
      router.refresh();
      timer = setTimeout(look, wait());
    }, wait());
    return () => clearTimeout(timer);
  }, [next, router]);
}
