"use client";

import { useCallback, useRef, useState } from "react";
import { problemText } from "#/components/api/client.ts";
import { toast } from "#/components/ui/toasts.tsx";

/** Something done by one press: pending while it runs, what goes wrong is said in passing. A second press meanwhile does nothing. */
export function useAct(): { act: (what: () => Promise<unknown>) => Promise<boolean>; isPending: boolean } {
  const [isPending, setPending] = useState(false);
  const isRunning = useRef(false);
  const act = useCallback(async (what: () => Promise<unknown>) => {
    if (isRunning.current) return false;
    isRunning.current = true;
    setPending(true);
    try {
      await what();
      return true;
    } catch (error) {
      toast(problemText(error), "bad");
      return false;
    } finally {
      isRunning.current = false;
      setPending(false);
    }
  }, []);
  return { act, isPending };
}
