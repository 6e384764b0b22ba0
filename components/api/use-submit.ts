"use client";

import { useState } from "react";

type Submit<A extends unknown[]> = {
  /** Runs the act; a second press while it runs does nothing. */
  run: (...args: A) => Promise<void>;
  isPending: boolean;
  /** What the last run threw, or null. */
  problem: unknown;
};

/** An act that a button or a form starts: pending while it runs, its problem kept for the form to show. */
export function useSubmit<A extends unknown[]>(act: (...args: A) => Promise<void>): Submit<A> {
  const [isPending, setPending] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  async function run(...args: A): Promise<void> {
    if (isPending) return;
    setPending(true);
    setProblem(null);
    try {
      await act(...args);
    } catch (error) {
      setProblem(error);
    } finally {
      setPending(false);
    }
  }
  return { run, isPending, problem };
}
